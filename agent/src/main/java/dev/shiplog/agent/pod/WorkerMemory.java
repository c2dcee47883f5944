package dev.shiplog.agent.pod;

import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.container.ContainerSpecs;
import dev.shiplog.agent.container.Resizable;
import dev.shiplog.agent.pod.plan.ActionKey;
import dev.shiplog.agent.pod.plan.CrashBackoff;
import dev.shiplog.agent.pod.plan.Death;
import dev.shiplog.agent.pod.plan.PodAction.Verb;
import dev.shiplog.agent.pod.plan.PodMemory;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.pod.resize.PodShare;
import dev.shiplog.agent.pod.status.Situation;
import dev.shiplog.agent.pod.status.Situation.Words;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a pod's worker remembers, as plans and statuses ask for it. Belongs to the worker. */
final class WorkerMemory implements PodMemory, Situation.Memory {

  private final Timers timers;
  private final Operations operations;
  private final ProbeSet probes;
  private final Map<String, CrashBackoff> backoffs = new HashMap<>();
  private final Map<String, String> exitMessages = new HashMap<>();
  private final Map<String, Instant> ends = new HashMap<>();
  private final Set<String> countedExits = new HashSet<>();
  private final Set<String> saidToBackOff = new HashSet<>();
  private final Set<String> killed = new HashSet<>();
  private final Map<String, ResourceRequirements> applied = new HashMap<>();
  private final Map<String, ResourceRequirements> beingApplied = new HashMap<>();
  private final PodShare share;
  private Seen seen = Seen.NOTHING;
  private boolean volumesReady;
  private boolean volumesReleased;
  private boolean filesRemoved;

  WorkerMemory(Timers timers, Operations operations, ProbeSet probes, PodShare share) {
    this.share = share;
    this.timers = timers;
    this.operations = operations;
    this.probes = probes;
  }

  // --- what the worker learns

  /**
   * Takes in what the runtime holds now.
   *
   * @param readExit reads the termination message of a container that ended
   */
  void observe(Seen now, Function<ContainerStatus, String> readExit) {
    seen = now;
    Set<String> held =
        now.containers().stream().map(ContainerStatus::id).collect(Collectors.toSet());
    exitMessages.keySet().retainAll(held);
    ends.keySet().retainAll(held);
    countedExits.retainAll(held);
    saidToBackOff.retainAll(held);
    killed.retainAll(held);
    applied.keySet().retainAll(held);
    now.containers().stream()
        .filter(run -> run.state() instanceof Running)
        .forEach(run -> applied.computeIfAbsent(run.id(), id -> madeWith(run)));
    beingApplied.keySet().retainAll(held);
    now.containers().stream()
        .filter(container -> Seen.exit(container).isPresent())
        .forEach(container -> {
          var _ = endedAt(container);
          exitMessages.computeIfAbsent(container.id(), id -> readExit.apply(container));
        });
  }

  Seen seen() {
    return seen;
  }

  void volumesAreReady() {
    volumesReady = true;
  }

  void volumesAreReleased() {
    volumesReleased = true;
  }

  boolean volumesReleased() {
    return volumesReleased;
  }

  void filesAreRemoved() {
    filesRemoved = true;
  }

  boolean filesRemoved() {
    return filesRemoved;
  }

  /** A container is about to be started; if that is a restart, the next one waits longer. */
  void starting(String container) {
    seen.newest(container)
        .filter(run -> Seen.exit(run).isPresent())
        .filter(run -> countedExits.add(run.id()))
        .ifPresent(run -> {
          backoffs.put(container, backoff(container, endedAt(run)));
        });
  }

  private CrashBackoff backoff(String container, Instant endedAt) {
    return crashBackoff(container).restarted(endedAt, timers.steady());
  }

  /** A container is about to be given other resources. */
  void resizing(ContainerStatus run, ResourceRequirements resources) {
    beingApplied.put(run.id(), resources);
  }

  /** It has them. */
  void resized(String containerId) {
    ResourceRequirements now = beingApplied.remove(containerId);
    if (now != null) {
      applied.put(containerId, now);
    }
  }

  /** Whether every container that runs has what it is granted. */
  boolean isAsGranted() {
    return seen.containers().stream()
        .filter(run -> run.state() instanceof Running)
        .allMatch(run -> applied(run).map(Resizable.of(granted(run.name()))::equals).orElse(true));
  }

  /** Whether this container is killed for the first time. */
  boolean isFirstKill(String containerId) {
    return killed.add(containerId);
  }

  /** Whether this is the first time that it is asked whether this container's wait was told. */
  boolean isNewBackoff(String container) {
    return seen.newest(container).map(ContainerStatus::id).filter(saidToBackOff::add).isPresent();
  }

  // --- what plans ask

  @Override
  public boolean volumesReady() {
    return volumesReady;
  }

  @Override
  public boolean isBusy(ActionKey key) {
    return operations.isBusy(key);
  }

  @Override
  public Optional<Instant> retryAt(ActionKey key) {
    return operations.failure(key).map(Operations.Failure::retryAt);
  }

  @Override
  public Optional<Resizable> applied(ContainerStatus container) {
    return resources(container).map(Resizable::of);
  }

  @Override
  public CrashBackoff crashBackoff(String container) {
    return backoffs.getOrDefault(container, CrashBackoff.NONE);
  }

  @Override
  public Instant endedAt(ContainerStatus container) {
    return ends.computeIfAbsent(
        container.id(), id -> timers.steadyWhen(Seen.exit(container).orElseThrow().finishedAt()));
  }

  @Override
  public boolean isStarted(ContainerStatus container) {
    return probes.of(container).map(each -> each.isStarted()).orElse(false);
  }

  @Override
  public Optional<Death> mustDie(ContainerStatus container) {
    return probes
        .of(container)
        .flatMap(each ->
            each.fatal()
                .map(kind ->
                    new Death(
                        "Container "
                            + container.name()
                            + " failed "
                            + kind.word()
                            + " probe, will be restarted",
                        each.terminationGrace())));
  }

  // --- what statuses ask

  @Override
  public Optional<ResourceRequirements> resources(ContainerStatus container) {
    return Optional.ofNullable(applied.get(container.id()));
  }

  /** Null for one that was made before containers were marked with it. */
  private ResourceRequirements madeWith(ContainerStatus container) {
    String text = container.annotations().get(ContainerSpecs.RESOURCES);
    if (text == null) {
      return null;
    }
    ResourceRequirements made =
        KubernetesJson.read(text.getBytes(StandardCharsets.UTF_8), ResourceRequirements.class);
    ResourceRequirements granted = share.of(container.name());
    // Nearly always the same: one object for both.
    return made.equals(granted) ? granted : made;
  }

  @Override
  public ResourceRequirements granted(String container) {
    return share.of(container);
  }

  @Override
  public Optional<Words> resizePending() {
    return share.pending();
  }

  @Override
  public Optional<Words> resizeFailure(ContainerStatus container) {
    return operations
        .failure(new ActionKey(Verb.RESIZE_CONTAINER, container.id()))
        .map(failure -> failure.words(timers.steady()))
        .map(words -> new Words("Error", words.message()));
  }

  @Override
  public Optional<Words> startFailure(String container) {
    return operations
        .failure(ActionKey.start(container))
        .map(failure -> failure.words(timers.steady()))
        .filter(words -> !words.equals(ActionFailure.Words.NONE))
        .map(words -> new Words(words.reason(), words.message()));
  }

  @Override
  public Optional<Duration> waitsForRestart(String container) {
    return seen.newest(container)
        .filter(run -> !countedExits.contains(run.id()))
        .filter(run -> Seen.exit(run).isPresent())
        .map(this::endedAt)
        .filter(end -> crashBackoff(container).allowedAt(end).isAfter(timers.steady()))
        .flatMap(end -> crashBackoff(container).afterRunUntil(end).delay());
  }

  @Override
  public boolean isReady(ContainerStatus container) {
    return probes.of(container).map(each -> each.isReady()).orElse(false);
  }

  @Override
  public String exitMessage(ContainerStatus container) {
    return exitMessages.getOrDefault(container.id(), "");
  }
}
