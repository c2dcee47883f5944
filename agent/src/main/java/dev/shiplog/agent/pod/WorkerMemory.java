package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.plan.ActionKey;
import dev.shiplog.agent.pod.plan.CrashBackoff;
import dev.shiplog.agent.pod.plan.Death;
import dev.shiplog.agent.pod.plan.PodMemory;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.pod.status.Situation;
import dev.shiplog.agent.pod.status.Situation.Words;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.time.Timers;
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
  private final Set<String> countedExits = new HashSet<>();
  private final Set<String> saidToBackOff = new HashSet<>();
  private final Set<String> killed = new HashSet<>();
  private Seen seen = Seen.NOTHING;
  private boolean volumesReady;

  WorkerMemory(Timers timers, Operations operations, ProbeSet probes) {
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
    countedExits.retainAll(held);
    saidToBackOff.retainAll(held);
    killed.retainAll(held);
    now.containers().stream()
        .filter(container -> Seen.exit(container).isPresent())
        .forEach(container ->
            exitMessages.computeIfAbsent(container.id(), id -> readExit.apply(container)));
  }

  Seen seen() {
    return seen;
  }

  void volumesAreReady() {
    volumesReady = true;
  }

  /** A container is about to be started; if that is a restart, the next one waits longer. */
  void starting(String container) {
    seen.newest(container)
        .filter(run -> Seen.exit(run).isPresent())
        .filter(run -> countedExits.add(run.id()))
        .ifPresent(run -> {
          Instant endedAt = Seen.exit(run).orElseThrow().finishedAt();
          backoffs.put(container, backoff(container, endedAt));
        });
  }

  private CrashBackoff backoff(String container, Instant endedAt) {
    return crashBackoff(container).restarted(endedAt, timers.instant());
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
  public CrashBackoff crashBackoff(String container) {
    return backoffs.getOrDefault(container, CrashBackoff.NONE);
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
  public Optional<Words> startFailure(String container) {
    return operations
        .failure(ActionKey.start(container))
        .map(failure -> failure.words(timers.instant()))
        .filter(words -> !words.equals(ActionFailure.Words.NONE))
        .map(words -> new Words(words.reason(), words.message()));
  }

  @Override
  public Optional<Duration> waitsForRestart(String container) {
    return seen.newest(container)
        .filter(run -> !countedExits.contains(run.id()))
        .flatMap(Seen::exit)
        .filter(
            exit -> crashBackoff(container).allowedAt(exit.finishedAt()).isAfter(timers.instant()))
        .flatMap(exit -> crashBackoff(container).afterRunUntil(exit.finishedAt()).delay());
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
