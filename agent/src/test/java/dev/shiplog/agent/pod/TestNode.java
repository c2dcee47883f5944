package dev.shiplog.agent.pod;

import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.config.ServiceSource;
import dev.shiplog.agent.events.EventRecorder;
import dev.shiplog.agent.events.TalkBudget;
import dev.shiplog.agent.files.UnwrittenPodFiles;
import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.node.TestSettings;
import dev.shiplog.agent.probes.RealProber;
import dev.shiplog.agent.testing.ControlledPodNetwork;
import dev.shiplog.agent.testing.ControlledRuntime;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.testing.ManualTimers;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A node whose cluster, runtime, network and time belong to the test. What the node writes comes
 * back to it as the log would bring it.
 */
final class TestNode implements AutoCloseable {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final String NAMESPACE = "default";

  final ManualTimers timers = new ManualTimers(START);
  final InMemoryCluster cluster = new InMemoryCluster();
  final ControlledRuntime runtime;
  final ControlledPodNetwork network = new ControlledPodNetwork();
  final RecordingFaultHandler faults = new RecordingFaultHandler();
  final NodePods pods;
  final NodeContext context;
  private final AgentServices services;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  TestNode(Path directory) {
    this(directory, new Shared());
  }

  /** What outlives an agent's process. */
  static final class Shared {
    private ControlledRuntime runtime;
  }

  TestNode(Path directory, Shared shared) {
    if (shared.runtime == null) {
      shared.runtime = new ControlledRuntime(timers);
    }
    runtime = shared.runtime;
    services = new AgentServices(cluster, timers, threads, new Random(1), faults);
    NodeSettings settings = TestSettings.in(directory);
    ConfigSource config = new ConfigSource(cluster, timers);
    context =
        new NodeContext(
            settings,
            services,
            runtime,
            new UnwrittenPodFiles(settings, config),
            config,
            ServiceSource.NONE,
            new RealProber(runtime, network),
            network,
            new EventRecorder(services, settings.name(), Duration.ZERO, TalkBudget.ofAllNodes()));
    pods = new NodePods(context);
    cluster.onPodChange(
        pods::assigned,
        pod -> pods.removed(pod.getMetadata().getNamespace(), pod.getMetadata().getName()));
  }

  AgentServices services() {
    return services;
  }

  @Override
  public void close() {
    pods.close();
    threads.close();
    faults.assertNone();
  }

  // --- what users and the control plane do

  void assign(Pod pod) {
    cluster.put(pod);
  }

  /** Has a pod with the container {@code main} run, and be ready. */
  void run(String name) {
    assign(TestPods.pod(name, TestPods.container("main").build()).build());
    awaitReady(name);
  }

  /** Asks for the deletion of a pod, as the API server does it. */
  void delete(String name, int graceSeconds) {
    Pod pod = cluster.pod(NAMESPACE, name).orElseThrow();
    cluster.put(
        new PodBuilder(pod)
            .editMetadata()
            .withDeletionTimestamp(timers.instant().plusSeconds(graceSeconds).toString())
            .withDeletionGracePeriodSeconds((long) graceSeconds)
            .endMetadata()
            .build());
  }

  // --- what is seen

  PodStatus status(String name) {
    return cluster.pod(NAMESPACE, name).map(Pod::getStatus).orElseGet(PodStatus::new);
  }

  ContainerStatus container(String pod, String container) {
    PodStatus status = status(pod);
    return Stream.concat(
            status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
        .filter(each -> each.getName().equals(container))
        .findFirst()
        .orElseThrow();
  }

  PodCondition condition(String pod, String type) {
    return status(pod).getConditions().stream()
        .filter(each -> each.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }

  List<String> eventReasons() {
    return cluster.events().stream().map(Event::getReason).toList();
  }

  void awaitPhase(String pod, String phase) {
    awaitStatus(pod, status -> phase.equals(status.getPhase()));
  }

  void awaitReady(String pod) {
    awaitStatus(
        pod,
        status ->
            status.getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True")));
  }

  void awaitGone(String pod) {
    await().until(() -> cluster.pod(NAMESPACE, pod).isEmpty());
  }

  void awaitStatus(String pod, Predicate<PodStatus> satisfied) {
    await().until(() -> satisfied.test(status(pod)));
  }

  void awaitContainer(String pod, String container, Predicate<ContainerStatus> satisfied) {
    awaitStatus(
        pod,
        status ->
            Stream.concat(
                    status.getInitContainerStatuses().stream(),
                    status.getContainerStatuses().stream())
                .filter(each -> each.getName().equals(container))
                .anyMatch(satisfied));
  }

  void awaitWaiting(String pod, String container, String reason) {
    awaitContainer(
        pod,
        container,
        status ->
            status.getState().getWaiting() != null
                && reason.equals(status.getState().getWaiting().getReason()));
  }

  void awaitRun(String pod, String container, int restartCount) {
    awaitContainer(
        pod,
        container,
        status ->
            status.getState().getRunning() != null && status.getRestartCount() == restartCount);
  }

  /** Waits until something is planned for exactly then, and lets that time pass. */
  void pass(Duration time) {
    await().until(() -> timers.hasTimerIn(time));
    timers.advance(time);
  }

  /** Lets seconds pass, for what is due at times of its own. */
  void passUntil(BooleanSupplier condition) {
    await()
        .until(() -> {
          timers.advance(Duration.ofSeconds(1));
          return condition.getAsBoolean();
        });
  }
}
