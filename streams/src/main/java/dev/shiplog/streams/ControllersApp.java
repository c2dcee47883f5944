package dev.shiplog.streams;

import dev.shiplog.streams.controllers.autoscaling.HorizontalPodAutoscalerController;
import dev.shiplog.streams.controllers.autoscaling.MetricSource;
import dev.shiplog.streams.controllers.certificates.RequestCleaner;
import dev.shiplog.streams.controllers.cronjob.CronJobController;
import dev.shiplog.streams.controllers.daemonset.DaemonSetController;
import dev.shiplog.streams.controllers.deployment.DeploymentController;
import dev.shiplog.streams.controllers.disruption.DisruptionController;
import dev.shiplog.streams.controllers.endpoints.EndpointSliceController;
import dev.shiplog.streams.controllers.endpoints.EndpointSliceMirroring;
import dev.shiplog.streams.controllers.endpoints.EndpointsController;
import dev.shiplog.streams.controllers.garbagecollector.GarbageCollector;
import dev.shiplog.streams.controllers.job.JobController;
import dev.shiplog.streams.controllers.job.TtlAfterFinished;
import dev.shiplog.streams.controllers.namespace.NamespaceController;
import dev.shiplog.streams.controllers.node.NodeIpam;
import dev.shiplog.streams.controllers.node.NodeLifecycleController;
import dev.shiplog.streams.controllers.node.PodGarbageCollector;
import dev.shiplog.streams.controllers.node.TaintEvictionController;
import dev.shiplog.streams.controllers.quota.ResourceQuotaController;
import dev.shiplog.streams.controllers.rbac.ClusterRoleAggregation;
import dev.shiplog.streams.controllers.replicaset.ReplicaSetController;
import dev.shiplog.streams.controllers.replicaset.ReplicationControllers;
import dev.shiplog.streams.controllers.service.LoadBalancerController;
import dev.shiplog.streams.controllers.serviceaccount.RootCaPublisher;
import dev.shiplog.streams.controllers.serviceaccount.ServiceAccountController;
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
import dev.shiplog.streams.kit.core.ControllerCore;
import dev.shiplog.streams.kit.core.ControllerMetrics;
import dev.shiplog.streams.kit.kafka.ApplicationStreams;
import dev.shiplog.streams.kit.kafka.Phase;
import dev.shiplog.streams.kit.kafka.StreamsSettings;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.metrics.ProcessMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The controllers as a process runs them. Start and close from any thread. */
public final class ControllersApp implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ControllersApp.class);
  private static final String NAME = "controllers";

  /** Of nodes that come without a range of their own. */
  private static final String POD_RANGE = "10.244.0.0/16";

  private final ApplicationStreams streams;
  private final List<String> names;

  /**
   * What the controllers know beside the log.
   *
   * @param authority certificate of the authority that pods verify the API server with, PEM; where
   *     it is empty, nothing publishes it
   * @param metrics what autoscalers ask
   */
  public record Surroundings(Optional<String> authority, MetricSource metrics) {

    static final Surroundings NOTHING = new Surroundings(Optional.empty(), MetricSource.NONE);

    /** Enough for every controller there is to be made. */
    private static final Surroundings ANY = new Surroundings(Optional.of(""), MetricSource.NONE);
  }

  /**
   * Prepares the controllers.
   *
   * @param without names of those that are not to run
   * @param surroundings what the controllers know beside the log
   * @param log to look at topics with; stays open when this is closed
   * @param faults told when they cannot go on
   * @throws IllegalArgumentException if one of the names is no controller's
   */
  public ControllersApp(
      Set<String> without,
      Surroundings surroundings,
      StreamsSettings settings,
      LogSource log,
      FaultHandler faults) {
    refuseUnknown(without);
    names = names(all(surroundings)).stream().filter(name -> !without.contains(name)).toList();
    ControllerMetrics metrics =
        new ControllerMetrics(ProcessMetrics.here().registry(), System::nanoTime);
    streams =
        new ApplicationStreams(() -> core(without, surroundings, metrics), settings, log, faults);
  }

  /** Prepares the controllers, without an authority to publish. */
  public ControllersApp(
      Set<String> without, StreamsSettings settings, LogSource log, FaultHandler faults) {
    this(without, Surroundings.NOTHING, settings, log, faults);
  }

  /** Names of those that run, in alphabetical order. */
  public List<String> names() {
    return names;
  }

  /** Users under which the controllers act, whichever of them run. */
  public static Set<String> actors() {
    return all(Surroundings.ANY).stream()
        .map(Controller::actor)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Waits until the topics are there, then starts; they act some time later, when everything has
   * been read.
   *
   * @throws IllegalStateException if topics are missing after the time set for it
   */
  public void start() {
    streams.start();
  }

  /** How far this process is. */
  public Phase phase() {
    return streams.phase();
  }

  /** Whether its thread makes progress. */
  public boolean isTurning() {
    return streams.isTurning();
  }

  @Override
  public void close() {
    streams.close();
  }

  /** A controller that throws is a bug, but one odd object must not stop the whole cluster. */
  private static ControllerCore core(
      Set<String> without, Surroundings surroundings, ControllerMetrics metrics) {
    List<Controller> wanted =
        all(surroundings).stream()
            .filter(controller -> !without.contains(controller.name()))
            .toList();
    return new ControllerCore(
        NAME, wanted, new SplittableRandom(), (what, cause) -> LOG.error(what, cause), metrics);
  }

  private static List<Controller> all(Surroundings surroundings) {
    List<Controller> all = new ArrayList<>();
    all.add(new DeploymentController());
    all.add(new ReplicaSetController());
    all.add(new ReplicationControllers());
    all.add(new DaemonSetController());
    all.add(new StatefulSetController());
    all.add(new JobController());
    all.add(new CronJobController());
    all.add(new TtlAfterFinished());
    all.add(new DisruptionController());
    all.add(new ResourceQuotaController());
    all.add(new ClusterRoleAggregation());
    all.add(new ClaimProtection());
    all.add(new VolumeProtection());
    all.add(new AttributesClassProtection());
    all.add(new ClaimBinder());
    all.add(new AttachDetachController());
    all.add(new VolumePhases());
    all.add(new LocalPathProvisioner());
    all.add(new EndpointsController());
    all.add(new EndpointSliceController());
    all.add(new LoadBalancerController(LoadBalancerController.DEFAULT_POOL));
    all.add(new EndpointSliceMirroring());
    all.add(new EphemeralVolumes());
    all.add(new LocalPathExpansion());
    all.add(new RequestCleaner());
    all.add(new NodeIpam(POD_RANGE));
    all.add(new HorizontalPodAutoscalerController(surroundings.metrics()));
    all.add(new ServiceAccountController());
    all.add(new NamespaceController(BuiltInResources.all()));
    all.add(new GarbageCollector(BuiltInResources.all()));
    all.add(new NodeLifecycleController(Instant.now()));
    all.add(new TaintEvictionController());
    all.add(new PodGarbageCollector());
    surroundings.authority().map(RootCaPublisher::new).ifPresent(all::add);
    return all;
  }

  private static void refuseUnknown(Set<String> without) {
    Set<String> unknown = new TreeSet<>(without);
    unknown.removeAll(names(all(Surroundings.ANY)));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no controller named "
              + String.join(", ", unknown)
              + "; there are "
              + String.join(", ", names(all(Surroundings.ANY))));
    }
  }

  private static Set<String> names(List<Controller> controllers) {
    return controllers.stream()
        .map(Controller::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
