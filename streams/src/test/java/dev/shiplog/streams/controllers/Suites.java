package dev.shiplog.streams.controllers;

import dev.shiplog.streams.controllers.certificates.RequestCleaner;
import dev.shiplog.streams.controllers.cronjob.CronJobController;
import dev.shiplog.streams.controllers.daemonset.DaemonSetController;
import dev.shiplog.streams.controllers.deployment.DeploymentController;
import dev.shiplog.streams.controllers.disruption.DisruptionController;
import dev.shiplog.streams.controllers.endpoints.EndpointSliceMirroring;
import dev.shiplog.streams.controllers.garbagecollector.GarbageCollector;
import dev.shiplog.streams.controllers.job.JobController;
import dev.shiplog.streams.controllers.job.TtlAfterFinished;
import dev.shiplog.streams.controllers.namespace.NamespaceController;
import dev.shiplog.streams.controllers.node.NodeIpam;
import dev.shiplog.streams.controllers.node.NodeLifecycleController;
import dev.shiplog.streams.controllers.quota.ResourceQuotaController;
import dev.shiplog.streams.controllers.rbac.ClusterRoleAggregation;
import dev.shiplog.streams.controllers.replicaset.ReplicaSetController;
import dev.shiplog.streams.controllers.replicaset.ReplicationControllers;
import dev.shiplog.streams.controllers.statefulset.StatefulSetController;
import dev.shiplog.streams.controllers.volume.AttachDetachController;
import dev.shiplog.streams.controllers.volume.AttributesClassProtection;
import dev.shiplog.streams.controllers.volume.ClaimBinder;
import dev.shiplog.streams.controllers.volume.ClaimProtection;
import dev.shiplog.streams.controllers.volume.EphemeralVolumes;
import dev.shiplog.streams.controllers.volume.LocalPathExpansion;
import dev.shiplog.streams.controllers.volume.LocalPathProvisioner;
import dev.shiplog.streams.controllers.volume.VolumePhases;
import dev.shiplog.streams.controllers.volume.VolumeProtection;
import dev.shiplog.streams.kit.BuiltInResources;
import dev.shiplog.streams.kit.Controller;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Which controllers run in the scenarios of a folder. */
final class Suites {

  static final Map<String, Supplier<List<Controller>>> ALL =
      Map.ofEntries(
          Map.entry("cronjob", () -> List.of(new CronJobController(), new JobController())),
          Map.entry("daemonset", () -> List.of(new DaemonSetController())),
          Map.entry(
              "deployment",
              () ->
                  List.of(
                      new DeploymentController(),
                      new ReplicaSetController(),
                      new GarbageCollector(BuiltInResources.all()))),
          Map.entry("replicaset", () -> List.of(new ReplicaSetController())),
          Map.entry("garbage", () -> List.of(new GarbageCollector(BuiltInResources.all()))),
          Map.entry("attach", () -> List.of(new AttachDetachController())),
          Map.entry(
              "events",
              () ->
                  List.of(
                      new CronJobController(), new NamespaceController(BuiltInResources.all()))),
          Map.entry("disruption", () -> List.of(new DisruptionController())),
          Map.entry("node", () -> List.of(new NodeLifecycleController(Instant.EPOCH))),
          Map.entry("quota", () -> List.of(new ResourceQuotaController())),
          Map.entry("rbac", () -> List.of(new ClusterRoleAggregation())),
          Map.entry(
              "ttl",
              () -> List.of(new TtlAfterFinished(), new GarbageCollector(BuiltInResources.all()))),
          Map.entry(
              "volume",
              () ->
                  List.of(
                      new ClaimProtection(),
                      new VolumeProtection(),
                      new AttributesClassProtection())),
          Map.entry(
              "binding",
              () ->
                  List.of(
                      new ClaimBinder(),
                      new VolumePhases(),
                      new LocalPathProvisioner(),
                      new ClaimProtection(),
                      new VolumeProtection())),
          Map.entry("certificates", () -> List.of(new RequestCleaner())),
          Map.entry(
              "ephemeral",
              () -> List.of(new EphemeralVolumes(), new GarbageCollector(BuiltInResources.all()))),
          Map.entry("expansion", () -> List.of(new LocalPathExpansion())),
          Map.entry("ipam", () -> List.of(new NodeIpam("10.244.0.0/16"))),
          Map.entry("mirroring", () -> List.of(new EndpointSliceMirroring())),
          Map.entry("job", () -> List.of(new JobController())),
          Map.entry("replicationcontroller", () -> List.of(new ReplicationControllers())),
          Map.entry(
              "statefulset",
              () ->
                  List.of(
                      new StatefulSetController(), new GarbageCollector(BuiltInResources.all()))));

  private Suites() {}
}
