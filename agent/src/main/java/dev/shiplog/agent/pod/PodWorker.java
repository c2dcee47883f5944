package dev.shiplog.agent.pod;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.container.SandboxSpecs;
import dev.shiplog.agent.pod.admission.Admission;
import dev.shiplog.agent.pod.plan.ActionKey;
import dev.shiplog.agent.pod.plan.Plan;
import dev.shiplog.agent.pod.plan.PodAction.PrepareVolumes;
import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.pod.resize.NodeShares;
import dev.shiplog.agent.pod.resize.PodShare;
import dev.shiplog.agent.probes.ContainerProbes;
import dev.shiplog.agent.probes.ProbeTarget;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.staticpods.Mirrors;
import dev.shiplog.agent.time.Timers;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
 * <p>This is the order of it. What the worker keeps, judges, plans, starts and tells lies in
 * classes of their own, each with its part of the state.
 *
 * <p>All that state belongs to a serial executor, also that of the parts; the methods for others
 * may be called by any thread and do not block.
 */
final class PodWorker implements ContainerProbes.Listener {

  private static final Logger LOG = Logger.getLogger(PodWorker.class);

  private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);

  private final NodeContext node;
  private final PodIdentity identity;
  private final PodTrace steps;
  private final PodReports reports;
  private final Runnable onReleased;
  private final SerialExecutor owner;
  private final AtomicBoolean syncAsked = new AtomicBoolean();

  private final KeptPod kept;
  private final PodEnding ending;
  private final PodLifecycle lifecycle;
  private final Operations operations;
  private final PodActions actions;
  private final ProbeSet probes;
  private final WorkerMemory memory;
  private final StatusPublisher publisher;
  private final PodTelling telling;
  private final VolumeRefresh refresh;
  private final PodShare share;
  private final PodAdmission entry;
  private final PodResizes resizes;
  private final PodPlans plans;
  private final boolean isStatic;
  private boolean closed;
  private Timers.Timer wake = () -> {};

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
      Admission admission,
      Runnable onReleased) {
    this.node = node;
    this.identity = SandboxSpecs.identity(pod);
    this.steps = new PodTrace(identity, traceparent);
    this.reports = reports;
    this.onReleased = onReleased;
    AgentServices services = node.services();
    owner =
        new SerialExecutor(
            services.threads(), e -> services.faults().fault("Running " + identity, e));
    kept = new KeptPod(pod, services.timers(), () -> owner.execute(this::fold));
    ending = new PodEnding(pod, services.timers());
    operations = new Operations(services, owner, identity, this::askSync);
    probes = new ProbeSet(node, owner, this);
    share = new PodShare(pod, shares, this::askSync);
    entry = new PodAdmission(pod, admission, share);
    memory = new WorkerMemory(services.timers(), operations, probes, share);
    resizes = new PodResizes(share, memory, reports);
    plans = new PodPlans(share, memory);
    isStatic = Mirrors.isStatic(pod);
    publisher = new StatusPublisher(services, owner, isStatic ? null : identity, pod.getStatus());
    telling = new PodTelling(kept, memory, operations, reports, steps, publisher, share);
    refresh = new VolumeRefresh(node, () -> owner.execute(this::refreshVolumes));
    lifecycle = new PodLifecycle(ending, operations, probes, refresh, share);
    actions = new PodActions(runner, steps, operations, kept, share, memory, refresh);
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
    owner.execute(() -> telling.shownAs(mirror));
  }

  /** The pod with the status that was composed last. */
  Pod latest() {
    return kept.latest();
  }

  // --- what happens to the pod

  /** The pod changed. */
  void assigned(Pod changed, String traceparent) {
    owner.execute(() -> {
      if (PodSpecs.isDeleted(changed) && !PodSpecs.isDeleted(pod())) {
        steps.ends(traceparent);
      }
      kept.assigned(changed);
      publisher.observed(changed.getStatus());
      refresh.soon();
      askSync();
    });
  }

  /** The pod is gone from the node's assignments. */
  void removed() {
    owner.execute(() -> {
      ending.remove();
      publisher.close();
      if (lifecycle.isReleased()) {
        onReleased.run();
      }
      askSync();
    });
  }

  /** The node ends the pod, at once. */
  void evict(String message) {
    owner.execute(() -> {
      if (!ending.isByNode() && lifecycle.isActive()) {
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
          boolean more = lifecycle.hasEnded() && !memory.filesRemoved() && !closed;
          if (more && plans.reclaim()) {
            askSync();
          }
          return more;
        },
        owner);
  }

  /** The node shuts down: the pod ends, and has no more time than this. */
  void shutDown(Duration atMost) {
    owner.execute(() -> end(Termination.NODE_SHUTDOWN, atMost));
  }

  private void end(Termination why, Duration atMost) {
    if (lifecycle.isActive()) {
      ending.byNode(why);
    }
    ending.within(atMost);
    askSync();
  }

  /** Whether nothing of the pod runs. */
  CompletableFuture<Boolean> hasEnded() {
    return CompletableFuture.supplyAsync(() -> lifecycle.life().isOver(), owner);
  }

  /** Whether nothing of the pod runs, and the API server knows. */
  CompletableFuture<Boolean> isTold() {
    return CompletableFuture.supplyAsync(
        () -> lifecycle.life().isOver() && publisher.isTold(), owner);
  }

  /** Whether nothing of the pod takes any room. */
  CompletableFuture<Boolean> isGone() {
    return CompletableFuture.supplyAsync(
        () -> lifecycle.life().isOver() && memory.filesRemoved(), owner);
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
      kept.close();
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
    reports.unhealthy(kept.latest(), target.container(), message);
  }

  // --- the loop

  private Pod pod() {
    return kept.pod();
  }

  /** What the worker knows of a pod that nothing happens to is kept as JSON. */
  private void fold() {
    if (!operations.anyBusy()) {
      publisher.fold();
      kept.fold();
    }
  }

  private void askSync() {
    if (syncAsked.compareAndSet(false, true)) {
      owner.execute(this::sync);
    }
  }

  private void sync() {
    syncAsked.set(false);
    if (closed || lifecycle.isReleased()) {
      return;
    }
    wake.cancel();
    kept.inUse();
    if (!look()) {
      wakeIn(LOOK_AGAIN_AFTER);
      return;
    }
    enter();
    lifecycle.judge(pod(), now());
    if (lifecycle.isActive()) {
      resizes.consider(pod());
    }
    Plan plan = plans.of(lifecycle.life(), pod(), now());
    plan.actions().forEach(actions::start);
    tell();
    if (plan.isDone()) {
      advance();
      askSync();
    } else {
      wakeFor(plan);
    }
  }

  /** Before the first step of a pod that is to run: whether the node takes it. */
  private void enter() {
    if (!entry.isDecided() && lifecycle.isActive() && ending.reason(pod()).isEmpty()) {
      entry
          .refusal(pod(), memory.seen())
          .ifPresent(words -> {
            ending.byNode(Termination.rejected(words));
            ending.within(Duration.ZERO);
            reports.rejected(pod(), words);
          });
    }
  }

  /** Looks at the runtime; false if it cannot be asked. */
  private boolean look() {
    try {
      Seen seen = Seen.of(node.runtime().pod(identity.uid()));
      memory.observe(seen, container -> reports.exitMessage(pod(), container));
      if (!lifecycle.life().isOver()) {
        probes.follow(pod(), seen);
      }
      return true;
    } catch (PodRuntimeException e) {
      LOG.warnf("Cannot look at %s: %s", identity, e.getMessage());
      return false;
    }
  }

  /** What was planned for is reached. */
  private void advance() {
    lifecycle.advance(now());
    if (lifecycle.hasEnded()) {
      tell();
    }
    if (lifecycle.isReleased()) {
      leave();
    }
  }

  private void leave() {
    kept.close();
    if (ending.isRemoved()) {
      onReleased.run();
    } else {
      publisher.delete();
    }
  }

  private void refreshVolumes() {
    if (lifecycle.isActive() && !operations.isBusy(ActionKey.VOLUMES)) {
      actions.start(new PrepareVolumes());
      refresh.schedule();
    }
  }

  private void tell() {
    if (!ending.isRemoved()) {
      telling.tell(lifecycle.life(), now());
    }
  }

  private void wakeFor(Plan plan) {
    Optional<Instant> deadline = lifecycle.isActive() ? ending.deadline(pod()) : Optional.empty();
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
