package dev.shiplog.agent.pod;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.container.SandboxSpecs;
import dev.shiplog.agent.pod.PodLife.Active;
import dev.shiplog.agent.pod.PodLife.Ended;
import dev.shiplog.agent.pod.PodLife.Released;
import dev.shiplog.agent.pod.PodLife.Releasing;
import dev.shiplog.agent.pod.PodLife.Terminating;
import dev.shiplog.agent.pod.plan.ActionKey;
import dev.shiplog.agent.pod.plan.ActivePlan;
import dev.shiplog.agent.pod.plan.Plan;
import dev.shiplog.agent.pod.plan.PodAction;
import dev.shiplog.agent.pod.plan.PodAction.KillContainer;
import dev.shiplog.agent.pod.plan.PodAction.PrepareVolumes;
import dev.shiplog.agent.pod.plan.PodAction.ResizeContainer;
import dev.shiplog.agent.pod.plan.PodAction.StartContainer;
import dev.shiplog.agent.pod.plan.PodAction.Verb;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.plan.ReleasePlan;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.pod.plan.TerminatingPlan;
import dev.shiplog.agent.pod.resize.NodeShares;
import dev.shiplog.agent.pod.resize.PodShare;
import dev.shiplog.agent.pod.status.Situation;
import dev.shiplog.agent.pod.status.Situation.Stage;
import dev.shiplog.agent.probes.ContainerProbes;
import dev.shiplog.agent.probes.ProbeTarget;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.staticpods.Mirrors;
import dev.shiplog.agent.time.Timers;
import dev.shiplog.agent.work.SerialExecutor;
import dev.shiplog.agent.work.Task;
import dev.shiplog.topics.trace.Step;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Owns one pod on the node, from its assignment until nothing of it is left. Whatever happens, it
 * does the same: it looks at what the runtime holds, plans, starts what is planned beside itself,
 * and tells how the pod is. So it makes no difference whether it made a container or found one that
 * an earlier run of the agent had made.
 *
 * <p>It is one file because it is one loop: what it looks at, plans and tells lies elsewhere, and
 * what is left here is the order of it and the state in between.
 *
 * <p>State belongs to a serial executor; the public methods may be called by any thread and do not
 * block.
 */
final class PodWorker implements ContainerProbes.Listener {

  private static final Logger LOG = Logger.getLogger(PodWorker.class);

  private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);

  /** Longer than volumes are left alone: what would be unfolded again soon is not folded. */
  private static final Duration FOLD_AFTER = Duration.ofSeconds(30);

  /** What is of no use to a pod that is to end. */
  private static final Set<Verb> CALLED_OFF_AT_THE_END =
      EnumSet.of(Verb.PREPARE_VOLUMES, Verb.START_SANDBOX, Verb.START_CONTAINER);

  private final NodeContext node;
  private final PodIdentity identity;
  private final ActionRunner runner;
  private final PodTrace steps;
  private final PodReports reports;
  private final Runnable onReleased;
  private final SerialExecutor owner;
  private final AtomicBoolean syncAsked = new AtomicBoolean();

  private final Operations operations;
  private final ProbeSet probes;
  private final WorkerMemory memory;
  private final StatusPublisher publisher;
  private final VolumeRefresh refresh;
  private final PodShare share;
  private final boolean isStatic;
  private PodLife life = new Active();

  /** The pod with the status composed last; others look at it on their own threads. */
  private volatile Folded<Pod> kept;

  private Folded<PodStatus> composed = Folded.of(PodStatus.class, null);
  private Duration grace;
  private boolean removed;
  private boolean filesRemoved;
  private boolean volumesReleased;
  private boolean closed;
  private boolean resizing;

  /** The node needs the room that is taken by what the ended pod left. */
  private boolean reclaimed;

  /** When the node took the pod up, in steady time; looked at where there is a deadline. */
  private Optional<Instant> begun = Optional.empty();

  private Termination evicted;

  /** The node gives it no more time than this to end. */
  private Duration longest = Duration.ofSeconds(Long.MAX_VALUE);

  private Timers.Timer wake = () -> {};
  private Timers.Timer fold = () -> {};

  /**
   * A worker that does nothing until {@link #start}.
   *
   * @param traceparent the step of a trace that brought the pod here; null if there is none
   * @param onReleased called once, when nothing of the pod is left and it is gone from the node's
   *     assignments
   */
  PodWorker(
      NodeContext node,
      Pod pod,
      String traceparent,
      ActionRunner runner,
      PodReports reports,
      NodeShares shares,
      Runnable onReleased) {
    this.node = node;
    kept = Folded.of(Pod.class, pod);
    this.identity = SandboxSpecs.identity(pod);
    this.runner = runner;
    this.steps = new PodTrace(identity, traceparent);
    this.reports = reports;
    this.onReleased = onReleased;
    grace = PodSpecs.grace(pod);
    AgentServices services = node.services();
    owner =
        new SerialExecutor(
            services.threads(), e -> services.faults().fault("Running " + identity, e));
    operations = new Operations(services.threads(), owner);
    probes = new ProbeSet(node, owner, this);
    share = new PodShare(pod, shares, this::askSync);
    memory = new WorkerMemory(services.timers(), operations, probes, share);
    isStatic = Mirrors.isStatic(pod);
    publisher = new StatusPublisher(services, owner, isStatic ? null : identity, pod.getStatus());
    refresh = new VolumeRefresh(services, () -> owner.execute(this::refreshVolumes));
  }

  void start() {
    askSync();
  }

  PodIdentity identity() {
    return identity;
  }

  /** Whether a file of the node tells of the pod, and not the cluster. */
  boolean isStatic() {
    return isStatic;
  }

  /** The cluster shows the pod, or shows it anew. */
  void mirrored(Pod mirror) {
    owner.execute(() -> {
      publisher.retarget(SandboxSpecs.identity(mirror), mirror.getStatus());
      if (composed.isThere()) {
        publisher.publish(composed, null);
      }
    });
  }

  /** The pod with the status that was composed last. */
  Pod latest() {
    return kept.get();
  }

  // --- what happens to the pod

  /** The pod changed. */
  void assigned(Pod changed, String traceparent) {
    owner.execute(() -> {
      if (PodSpecs.isDeleted(changed) && !PodSpecs.isDeleted(pod())) {
        steps.ends(traceparent);
      }
      keep(
          composed.isThere()
              ? Pods.with(changed, Pods.merged(composed.unfold(), changed.getStatus()))
              : changed);
      publisher.observed(changed.getStatus());
      refresh.soon();
      askSync();
    });
  }

  /** The pod is gone from the node's assignments. */
  void removed() {
    owner.execute(() -> {
      removed = true;
      publisher.close();
      if (life instanceof Released) {
        onReleased.run();
      }
      askSync();
    });
  }

  /** The node ends the pod, at once. */
  void evict(String message) {
    owner.execute(() -> {
      if (evicted == null && life instanceof Active) {
        end(Termination.evicted(message), Termination.EVICTION_GRACE);
        reports.evicted(pod(), message);
      }
    });
  }

  /**
   * The node needs room: of a pod that has ended nothing stays but what the cluster knows. Says
   * whether anything more will go.
   */
  CompletableFuture<Boolean> reclaim() {
    return CompletableFuture.supplyAsync(
        () -> {
          boolean more = life instanceof Ended && !filesRemoved && !closed;
          if (more && !reclaimed) {
            reclaimed = true;
            askSync();
          }
          return more;
        },
        owner);
  }

  private boolean leavesNoTrace() {
    PodStatus known = pod().getStatus();
    return reclaimed || (known != null && "Evicted".equals(known.getReason()));
  }

  /** The node shuts down: the pod ends, and has no more time than this. */
  void shutDown(Duration atMost) {
    owner.execute(() -> end(Termination.NODE_SHUTDOWN, atMost));
  }

  /** The node shuts down, and this pod is not even begun. */
  void refuse() {
    owner.execute(() -> end(Termination.NOT_ADMITTED, Duration.ZERO));
  }

  private void end(Termination why, Duration atMost) {
    if (evicted == null && life instanceof Active) {
      evicted = why;
    }
    longest = atMost;
    askSync();
  }

  /** Whether nothing of the pod runs. */
  CompletableFuture<Boolean> hasEnded() {
    return CompletableFuture.supplyAsync(() -> isOver(), owner);
  }

  /** Whether nothing of the pod runs, and the API server knows. */
  CompletableFuture<Boolean> isTold() {
    return CompletableFuture.supplyAsync(() -> isOver() && publisher.isTold(), owner);
  }

  /** Whether nothing of the pod takes any room. */
  CompletableFuture<Boolean> isGone() {
    return CompletableFuture.supplyAsync(() -> isOver() && filesRemoved, owner);
  }

  private boolean isOver() {
    return switch (life) {
      case Active active -> false;
      case Terminating terminating -> false;
      case Ended ended -> true;
      case Releasing releasing -> true;
      case Released released -> true;
    };
  }

  /** Something in the runtime changed. */
  void runtimeChanged() {
    askSync();
  }

  /** Stops working on the pod and leaves everything as it is. */
  void close() {
    owner.execute(() -> {
      closed = true;
      wake.cancel();
      fold.cancel();
      refresh.close();
      probes.close();
      publisher.close();
      operations.cancel(verb -> true);
    });
  }

  @Override
  public void changed() {
    askSync();
  }

  @Override
  public void unhealthy(ProbeTarget target, String message) {
    reports.unhealthy(kept.get(), target.container(), message);
  }

  // --- the loop

  private Pod pod() {
    return kept.unfold();
  }

  private void keep(Pod pod) {
    kept = Folded.of(Pod.class, pod);
  }

  private void foldLater() {
    fold.cancel();
    fold = node.services().timers().after(FOLD_AFTER, () -> owner.execute(this::fold));
  }

  /** What the worker knows of a pod that nothing happens to is kept as JSON. */
  private void fold() {
    if (!operations.anyBusy()) {
      kept.fold();
      publisher.fold();
      composed.fold();
    }
  }

  private void askSync() {
    if (syncAsked.compareAndSet(false, true)) {
      owner.execute(this::sync);
    }
  }

  private void sync() {
    syncAsked.set(false);
    if (closed || life instanceof Released) {
      return;
    }
    wake.cancel();
    foldLater();
    if (!look()) {
      wakeIn(LOOK_AGAIN_AFTER);
      return;
    }
    judge();
    resize();
    Plan plan = plan();
    plan.actions().forEach(this::start);
    report();
    if (plan.isDone()) {
      advance();
      askSync();
    } else {
      wakeFor(plan);
    }
  }

  /** Looks at the runtime; false if it cannot be asked. */
  private boolean look() {
    try {
      Seen seen = Seen.of(node.runtime().pod(identity.uid()));
      memory.observe(seen, container -> reports.exitMessage(pod(), container));
      if (life instanceof Active || life instanceof Terminating) {
        probes.follow(pod(), seen);
      }
      return true;
    } catch (PodRuntimeException e) {
      LOG.warnf("Cannot look at %s: %s", identity, e.getMessage());
      return false;
    }
  }

  /** Ends the pod if it is to end, and hurries if it is to end sooner than it was. */
  private void judge() {
    Duration before = grace;
    Duration own = PodSpecs.grace(pod());
    grace = own.compareTo(longest) < 0 ? own : longest;
    switch (life) {
      case Active active -> termination().ifPresent(why -> terminate(active, why));
      case Terminating terminating -> {
        if (grace.compareTo(before) < 0) {
          life = terminating.by(now().plus(grace));
          operations.cancel(verb -> verb == Verb.KILL_CONTAINER);
        }
      }
      case Ended ended -> {
        if (removed || PodSpecs.isDeleted(pod())) {
          life = ended.release();
        }
      }
      case Releasing releasing -> {}
      case Released released -> {}
    }
  }

  /** Grants what the pod wants, if the node has it, and tells when its containers have it. */
  private void resize() {
    if (!(life instanceof Active)) {
      return;
    }
    share
        .consider(pod())
        .ifPresent(words -> {
          reports.resize(pod(), words);
          resizing = words.reason().equals("ResizeStarted");
        });
    if (resizing && memory.isAsGranted()) {
      resizing = false;
      reports.resize(pod(), new Situation.Words("ResizeCompleted", "Pod resize completed"));
    }
  }

  private Optional<Termination> termination() {
    if (evicted != null) {
      return Optional.of(evicted);
    }
    if (removed) {
      return Optional.of(Termination.REMOVED);
    }
    if (PodSpecs.isDeleted(pod())) {
      return Optional.of(Termination.DELETED);
    }
    if (PodSpecs.hasEnded(pod())) {
      return Optional.of(Termination.COMPLETED);
    }
    return Sysctls.refusal(pod())
        .or(() ->
            deadline().filter(at -> !now().isBefore(at)).map(at -> Termination.DEADLINE_EXCEEDED));
  }

  private Optional<Instant> deadline() {
    Long seconds = pod().getSpec().getActiveDeadlineSeconds();
    if (seconds == null) {
      return Optional.empty();
    }
    if (begun.isEmpty()) {
      begun = PodReports.startTime(pod()).map(node.services().timers()::steadyWhen);
    }
    return begun.map(start -> start.plusSeconds(seconds));
  }

  private void terminate(Active active, Termination why) {
    life = active.terminate(why, grace, now());
    operations.cancel(CALLED_OFF_AT_THE_END::contains);
    probes.stopJudging();
    refresh.close();
  }

  private Plan plan() {
    Seen seen = memory.seen();
    return switch (life) {
      case Active active -> ActivePlan.of(share.granted(pod()), seen, memory, now());
      case Terminating terminating ->
          TerminatingPlan.of(pod(), seen, memory, terminating.left(now()), now());
      case Ended ended ->
          leavesNoTrace()
              ? ReleasePlan.endedWithoutTrace(seen, filesRemoved, memory, now())
              : ReleasePlan.ended(volumesReleased, memory, now());
      case Releasing releasing -> ReleasePlan.of(seen, filesRemoved, memory, now());
      case Released released -> Plan.NOTHING;
    };
  }

  /** Goes on to the next state: what was planned for is reached. */
  private void advance() {
    life =
        switch (life) {
          case Active active -> active.terminate(Termination.COMPLETED, grace, now());
          case Terminating terminating -> terminating.ended();
          case Ended ended -> ended;
          case Releasing releasing -> releasing.released();
          case Released released -> released;
        };
    if (life instanceof Terminating) {
      probes.stopJudging();
      refresh.close();
    }
    if (life instanceof Ended) {
      share.release();
      probes.close();
      report();
    }
    if (life instanceof Released) {
      leave();
    }
  }

  private void leave() {
    fold.cancel();
    if (removed) {
      onReleased.run();
    } else {
      publisher.delete();
    }
  }

  // --- actions

  private void start(PodAction action) {
    boolean first = true;
    if (action instanceof StartContainer(Container container, int attempt, String sandbox)) {
      memory.starting(container.getName());
    }
    if (action instanceof KillContainer kill) {
      first = memory.isFirstKill(kill.container().id());
    }
    if (action instanceof ResizeContainer(Container container, ContainerStatus run)) {
      memory.resizing(run, container.getResources());
    }
    ActionRunner.Context context =
        new ActionRunner.Context(share.granted(pod()), memory.seen(), first);
    operations.start(
        action.key(),
        () -> {
          try (Step step = steps.action(action.key());
              Scope _ = step.onThisThread()) {
            runner.run(action, context);
          }
          return null;
        },
        this::ended);
  }

  private void ended(ActionKey key, Task.Result<Void> result) {
    switch (result) {
      case Task.Done<Void> done -> succeeded(key);
      case Task.Failed<Void>(ActionFailure failure) -> operations.failed(key, failure, now());
      case Task.Failed<Void>(InterruptedException calledOff) -> {}
      case Task.Failed<Void>(Throwable bug) ->
          node.services().faults().fault(key.verb() + " for " + identity, bug);
    }
    askSync();
  }

  private void succeeded(ActionKey key) {
    operations.succeeded(key);
    switch (key.verb()) {
      case PREPARE_VOLUMES -> volumesPrepared();
      case REMOVE_FILES -> filesRemoved = true;
      case RELEASE_VOLUMES -> volumesReleased = true;
      case RESIZE_CONTAINER -> memory.resized(key.object());
      case START_SANDBOX,
          STOP_SANDBOX,
          REMOVE_SANDBOX,
          START_CONTAINER,
          KILL_CONTAINER,
          REMOVE_CONTAINER -> {}
    }
  }

  private void volumesPrepared() {
    if (!memory.volumesReady() && node.files().mayChange(pod())) {
      refresh.start();
    }
    memory.volumesAreReady();
  }

  private void refreshVolumes() {
    if (life instanceof Active && !operations.isBusy(ActionKey.VOLUMES)) {
      start(new PrepareVolumes());
      refresh.schedule();
    }
  }

  // --- reports

  private void report() {
    boolean wasEndedWhenFound = !composed.isThere() && PodSpecs.hasEnded(pod());
    if (removed || wasEndedWhenFound) {
      return;
    }
    switch (life) {
      case Active active -> {
        compose(Stage.ACTIVE, null);
        reports.crashLoops(pod(), memory);
        operations.takeRenamed(now()).forEach((key, words) -> reports.renamed(pod(), key, words));
      }
      case Terminating(Termination why, Instant deadline) -> compose(Stage.TERMINATING, why);
      case Ended(Termination why) -> compose(Stage.ENDED, why);
      case Releasing releasing -> {}
      case Released released -> {}
    }
  }

  private void compose(Stage stage, Termination why) {
    Pod pod = pod();
    PodStatus status = reports.compose(pod, stage, why, memory);
    composed = Folded.of(PodStatus.class, status);
    keep(Pods.with(pod, Pods.merged(status, pod.getStatus())));
    publisher.publish(composed, steps.reports(status));
  }

  private void wakeFor(Plan plan) {
    Optional<Instant> deadline = life instanceof Active ? deadline() : Optional.empty();
    Stream.of(plan.wakeAt(), operations.nextRename(now()), deadline)
        .flatMap(Optional::stream)
        .min(Instant::compareTo)
        .ifPresent(at -> wakeIn(Duration.between(now(), at)));
  }

  private void wakeIn(Duration delay) {
    wake = node.services().timers().after(delay, this::askSync);
  }

  private Instant now() {
    return node.services().timers().steady();
  }
}
