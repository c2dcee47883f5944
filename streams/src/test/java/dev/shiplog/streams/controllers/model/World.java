package dev.shiplog.streams.controllers.model;

import static dev.shiplog.streams.kit.ResourceTypes.DAEMON_SETS;
import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.ENDPOINT_SLICES;
import static dev.shiplog.streams.kit.ResourceTypes.JOBS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.POD_DISRUPTION_BUDGETS;
import static dev.shiplog.streams.kit.ResourceTypes.SERVICES;
import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import dev.shiplog.streams.controllers.Kubelets;
import dev.shiplog.streams.controllers.Objects;
import dev.shiplog.streams.controllers.daemonset.DaemonSetController;
import dev.shiplog.streams.controllers.deployment.DeploymentController;
import dev.shiplog.streams.controllers.disruption.DisruptionController;
import dev.shiplog.streams.controllers.endpoints.EndpointSliceController;
import dev.shiplog.streams.controllers.garbagecollector.GarbageCollector;
import dev.shiplog.streams.controllers.job.JobController;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.controllers.replicaset.ReplicaSetController;
import dev.shiplog.streams.controllers.statefulset.StatefulSetController;
import dev.shiplog.streams.kit.BuiltInResources;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.ResourceTypes;
import dev.shiplog.streams.kit.core.ControllerCore;
import dev.shiplog.streams.kit.testing.ClosedLoop;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Deployment behind a Service and under a disruption budget, a StatefulSet, a DaemonSet, Jobs,
 * their controllers and kubelets.
 */
final class World {

  static final String WEB = "ns/web";
  static final String DB = "ns/db";
  static final String WATCH = "ns/watch";
  static final List<String> NODES = List.of("n1", "n2", "n3");
  static final int MAX_SURGE = 2;
  static final int MAX_UNAVAILABLE = 1;
  static final int REPLICAS = 3;
  static final int MEMBERS = 2;

  final RecordingFaultHandler faults = new RecordingFaultHandler();
  final ClosedLoop loop;

  World(long seed) {
    loop =
        new ClosedLoop(
            () ->
                new ControllerCore(
                    "controllers",
                    List.of(
                        new DeploymentController(),
                        new ReplicaSetController(),
                        new StatefulSetController(),
                        new DaemonSetController(),
                        new JobController(),
                        new DisruptionController(),
                        new EndpointSliceController(),
                        new GarbageCollector(BuiltInResources.all())),
                    new Random(seed),
                    faults),
            BuiltInResources.all(),
            seed);
    Kubelets kubelets = new Kubelets();
    kubelets.makeReady(pod -> !image(pod).equals(Change.BROKEN));
    loop.add(kubelets);
    fill();
    fillNodes();
    loop.rest();
  }

  private void fill() {
    Deployment web = Objects.deployment("web", REPLICAS);
    var rolling = web.getSpec().getStrategy().getRollingUpdate();
    rolling.setMaxSurge(new IntOrString(MAX_SURGE));
    rolling.setMaxUnavailable(new IntOrString(MAX_UNAVAILABLE));
    loop.server().create(DEPLOYMENTS, web);
    loop.server()
        .create(
            SERVICES,
            new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .withSelector(Map.of("app", "web"))
                .endSpec()
                .build());
    loop.server()
        .create(
            POD_DISRUPTION_BUDGETS,
            new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withSelector(new LabelSelector(null, Map.of("app", "web")))
                .endSpec()
                .build());
    loop.server()
        .create(
            STATEFUL_SETS,
            new StatefulSetBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName("db")
                .endMetadata()
                .withNewSpec()
                .withReplicas(MEMBERS)
                .withServiceName("db")
                .withRevisionHistoryLimit(10)
                .withPodManagementPolicy("OrderedReady")
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .endUpdateStrategy()
                .withSelector(new LabelSelector(null, Map.of("app", "db")))
                .withTemplate(template("db", Map.of()))
                .endSpec()
                .build());
  }

  /** A rolling update takes down one daemon at a time. */
  private void fillNodes() {
    for (String name : NODES) {
      loop.server()
          .create(
              ResourceTypes.NODES,
              new NodeBuilder().withNewMetadata().withName(name).endMetadata().build());
    }
    loop.server()
        .create(
            DAEMON_SETS,
            new DaemonSetBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName("watch")
                .endMetadata()
                .withNewSpec()
                .withRevisionHistoryLimit(10)
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(new IntOrString(MAX_UNAVAILABLE))
                .withMaxSurge(new IntOrString(0))
                .endRollingUpdate()
                .endUpdateStrategy()
                .withSelector(new LabelSelector(null, Map.of("app", "watch")))
                .withTemplate(template("watch", Map.of()))
                .endSpec()
                .build());
  }

  static Job job(String name, int completions, int parallelism) {
    return new JobBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withCompletions(completions)
        .withParallelism(parallelism)
        .withBackoffLimit(6)
        .withSelector(new LabelSelector(null, Map.of("app", name)))
        .withTemplate(
            new PodTemplateSpecBuilder(template(name, Map.of("test/exit-code", "0")))
                .editSpec()
                .withRestartPolicy("Never")
                .endSpec()
                .build())
        .endSpec()
        .build();
  }

  private static PodTemplateSpec template(String app, Map<String, String> annotations) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .addToLabels("app", app)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("main")
        .withImage("image:1")
        .endContainer()
        .endSpec()
        .build();
  }

  static void setImage(PodTemplateSpec template, String image) {
    template.getSpec().getContainers().getFirst().setImage(image);
  }

  static String image(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getImage();
  }

  List<Pod> podsOf(String app) {
    return loop.server().list(PODS).stream()
        .filter(pod -> app.equals(pod.getMetadata().getLabels().get("app")))
        .toList();
  }

  long active(String app) {
    return podsOf(app).stream().filter(PodStates::isActive).count();
  }

  long available(String app) {
    return podsOf(app).stream().filter(PodStates::isActive).filter(PodStates::isReady).count();
  }

  /**
   * What a user would see, without what depends on when and in which order things were made: uids,
   * times, revisions, and names that follow from uids.
   */
  List<String> picture() {
    List<String> lines = new ArrayList<>();
    podsOf("watch").stream()
        .map(pod -> pod.getSpec().getNodeName() + " " + state(pod))
        .sorted()
        .forEach(lines::add);
    podsOf("db").forEach(pod -> lines.add(pod.getMetadata().getName() + " " + state(pod)));
    Stream.concat(
            podsOf("web").stream(),
            loop.server().list(PODS).stream().filter(pod -> Owners.controllerOf(pod).isEmpty()))
        .map(pod -> "web " + state(pod))
        .sorted()
        .forEach(lines::add);
    var web = loop.server().get(DEPLOYMENTS, WEB).orElseThrow().getStatus();
    lines.add(
        "deployment %s/%s/%s/%s"
            .formatted(
                web.getReplicas(),
                web.getUpdatedReplicas(),
                web.getReadyReplicas(),
                web.getAvailableReplicas()));
    var db = loop.server().get(STATEFUL_SETS, DB).orElseThrow().getStatus();
    lines.add(
        "statefulset %s/%s/%s"
            .formatted(db.getReplicas(), db.getReadyReplicas(), db.getUpdatedReplicas()));
    var watch = loop.server().get(DAEMON_SETS, WATCH).orElseThrow().getStatus();
    lines.add(
        "daemonset %s/%s/%s"
            .formatted(
                watch.getDesiredNumberScheduled(),
                watch.getNumberReady(),
                watch.getUpdatedNumberScheduled()));
    loop.server()
        .list(JOBS)
        .forEach(job ->
            lines.add(
                "%s %s/%s %s"
                    .formatted(
                        job.getMetadata().getName(),
                        job.getStatus().getSucceeded(),
                        job.getStatus().getFailed(),
                        job.getStatus().getConditions().stream()
                            .map(it -> it.getType() + "=" + it.getStatus())
                            .sorted()
                            .collect(Collectors.joining(",")))));
    var budget = loop.server().get(POD_DISRUPTION_BUDGETS, "ns/web").orElseThrow().getStatus();
    lines.add(
        "budget %s/%s/%s/%s"
            .formatted(
                budget.getExpectedPods(),
                budget.getDesiredHealthy(),
                budget.getCurrentHealthy(),
                budget.getDisruptionsAllowed()));
    lines.add(
        "endpoints "
            + loop.server().list(ENDPOINT_SLICES).stream()
                .mapToInt(slice -> slice.getEndpoints().size())
                .sum());
    return lines;
  }

  private static String state(Pod pod) {
    return image(pod) + " " + PodStates.phase(pod) + " " + PodStates.isReady(pod);
  }
}
