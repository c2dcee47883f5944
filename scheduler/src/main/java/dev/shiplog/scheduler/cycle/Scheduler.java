package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.config.SchedulerConfiguration;
import dev.shiplog.scheduler.cycle.Bunch.Placed;
import dev.shiplog.scheduler.framework.BindExtras;
import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.scheduler.metrics.SchedulerMetrics.AttemptResult;
import dev.shiplog.scheduler.model.Budgets;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes;
import dev.shiplog.scheduler.model.Workloads;
import dev.shiplog.scheduler.queue.BackOff;
import dev.shiplog.scheduler.queue.QueueListener;
import dev.shiplog.scheduler.queue.QueuedPod;
import dev.shiplog.scheduler.queue.SchedulingQueue;
import dev.shiplog.scheduler.queue.TurnedDown;
import dev.shiplog.topics.journal.CommandResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Schedules the pods of one or more profiles: takes in what happens in the cluster, and in {@link
 * #run} decides on pending pods and sends bind commands, many at a time, without waiting for one
 * before deciding the next.
 *
 * <p>What keeps nodes from being overcommitted: a pod counts on its node from the decision on,
 * until its command is settled ({@link Bindings}); it is taken off only when the pods read so far
 * are sure to show what the command has done. What keeps pods from being forgotten: a pending pod
 * is in the queue or in the {@link BindingCycle}, and each place there has a time limit.
 *
 * <p>Deterministic: time comes with every call, chance from the given generator. One thread.
 */
public final class Scheduler {

  private static final Logger LOG = Logger.getLogger(Scheduler.class);

  /** Bounds what is on its way to a slow API server. */
  static final int MOST_BINDINGS = 10_000;

  private static final long RETRY_NOMINATED_MS = 10_000;
  private static final long EXPIRE_HOLDS_MS = 1_000;

  private final Cluster cluster = new Cluster();
  private final SchedulingQueue queue;
  private final Cycles cycles;
  private final Placements placements;
  private final Outbox outbox;
  private final SchedulerMetrics metrics;
  private final Preempting preempting;
  private final BindingCycle binding;
  private final GroupScheduling groups;
  private final GroupHold hold = new GroupHold(cluster);
  private String run = "";
  private long decisions;
  private long podsRevision;
  private long nodesRevision;
  private long holdsExpiredMs;
  private long nominatedRetriedMs;

  /** A scheduler of one name that nobody measures. */
  public Scheduler(Profile profile, RandomGenerator random, Outbox outbox) {
    this(
        new SchedulerConfiguration(List.of(profile), BackOff.DEFAULT),
        random,
        outbox,
        SchedulerMetrics.none());
  }

  /** A scheduler of one or more names. */
  public Scheduler(
      SchedulerConfiguration configuration,
      RandomGenerator random,
      Outbox outbox,
      SchedulerMetrics metrics) {
    this.metrics = metrics;
    metrics.begin();
    queue = new SchedulingQueue(configuration.backOff(), metrics);
    this.outbox = outbox;
    cycles = new Cycles(configuration.profiles(), cluster, random, metrics);
    placements = new Placements(cluster, queue, cycles);
    Returns returns = new Returns(placements, cycles, queue, outbox);
    binding = new BindingCycle(cycles, placements, returns, outbox, metrics);
    preempting = new Preempting(placements, cycles, outbox, metrics, binding);
    groups = new GroupScheduling(cluster, queue, pod -> cycles.of(pod).decide(pod));
  }

  /**
   * Names this scheduler's decisions, so that they differ from those of others before and after.
   */
  public void nameRun(String name) {
    run = name;
  }

  /** For reading. */
  public Cluster cluster() {
    return cluster;
  }

  /** For reading. */
  public SchedulingQueue queue() {
    return queue;
  }

  /** How many pods have a node and wait for their volumes. */
  public int waitingForVolumesCount() {
    return binding.waitingForVolumesCount();
  }

  /** How many pods have a node and wait for a plugin to permit it. */
  public int waitingForPermitCount() {
    return binding.waitingForPermitCount();
  }

  /** How many pods have a bind command on its way. */
  public int bindingCount() {
    return binding.bindingCount();
  }

  /** The selectors of Services and controllers, to be kept up to date by the caller. */
  public Workloads workloads() {
    return cluster.workloads();
  }

  /** The disruption budgets, to be kept up to date by the caller. */
  public Budgets budgets() {
    return cluster.budgets();
  }

  public void putNode(Node node, long nowMs) {
    Optional<NodeInfo> known = cluster.node(node.name());
    if (known.isEmpty() || !known.get().node().equals(node)) {
      cluster.putNode(node);
      placements.wake(new ClusterEvent.NodeChanged(cluster.node(node.name()).orElseThrow()), nowMs);
    }
  }

  /** Changes what is known of volumes, claims and storage classes. */
  public void changeVolumes(Consumer<Volumes> change, long nowMs) {
    change.accept(cluster.volumes());
    placements.wake(new ClusterEvent.VolumesChanged(), nowMs);
  }

  /** The labels of a namespace; none once it is gone. */
  public void putNamespace(String name, Map<String, String> labels) {
    cluster.putNamespace(name, labels);
  }

  public void removeNode(String name, long nowMs) {
    cluster.removeNode(name);
    placements.wake(new ClusterEvent.NodeRemoved(name), nowMs);
  }

  public void putPod(Pod pod, long nowMs) {
    placements.change(pod.key(), () -> cluster.putPod(pod), nowMs);
    boolean wanted = pod.isPending() && cycles.has(pod);
    if (binding.seen(pod, wanted, nowMs)) {
      retryGroupOf(pod, nowMs);
    }
    if (!wanted) {
      queue.remove(pod.key());
    } else if (!binding.has(pod.key())) {
      queue.put(pod, nowMs);
      if (pod.gated()) {
        outbox.gated(pod, nowMs);
      }
    }
    podsSeenUpTo(pod.revision(), nowMs);
  }

  /**
   * A pod is gone.
   *
   * @param revision the revision of its deletion
   */
  public void removePod(String key, long revision, long nowMs) {
    binding.drop(key);
    queue.remove(key);
    placements.change(key, () -> cluster.removePod(key), nowMs);
    podsSeenUpTo(revision, nowMs);
  }

  /** A command was decided; those that are no bind commands do not matter here. */
  public void decided(String commandId, CommandResult result, long nowMs) {
    binding.decided(commandId, result);
    podsSeenUpTo(podsRevision, nowMs);
  }

  /**
   * Decides on pods that are ready.
   *
   * @param most how many at most, so that the caller can attend to other things
   * @return how many it was
   */
  public int run(int most, long nowMs) {
    queue.flush(nowMs);
    retryNominated(nowMs);
    expireHolds(nowMs);
    binding.goOn(nowMs);
    int count = 0;
    while (count < most && binding.bindingCount() < MOST_BINDINGS) {
      Optional<QueuedPod> next = queue.pop(hold.members(), nowMs);
      if (next.isEmpty()) {
        break;
      }
      schedule(next.get(), nowMs);
      count++;
    }
    binding.askForPermits(nowMs);
    binding.flush(nowMs);
    measure();
    return count;
  }

  private void measure() {
    metrics.pending(QueueListener.Place.ACTIVE, queue.activeCount());
    metrics.pending(QueueListener.Place.BACKOFF, queue.backingOffCount());
    metrics.pending(QueueListener.Place.UNSCHEDULABLE, queue.unschedulableCount());
    metrics.pending(QueueListener.Place.GATED, queue.gatedCount());
    metrics.cached(SchedulerMetrics.Cached.NODES, cluster.nodeCount());
    metrics.cached(SchedulerMetrics.Cached.PODS, cluster.pods().size());
    metrics.cached(SchedulerMetrics.Cached.ASSUMED_PODS, binding.assumedCount());
  }

  private void expireHolds(long nowMs) {
    if (nowMs - holdsExpiredMs >= EXPIRE_HOLDS_MS) {
      holdsExpiredMs = nowMs;
      for (String key : hold.expire(nowMs)) {
        placements.change(key, () -> cluster.nominations().remove(key), nowMs);
      }
    }
  }

  /** A victim may never go, as when the command for it was lost: then others are looked for. */
  private void retryNominated(long nowMs) {
    if (nowMs - nominatedRetriedMs >= RETRY_NOMINATED_MS) {
      nominatedRetriedMs = nowMs;
      cluster.nominations().pods().forEach(key -> queue.retry(key, nowMs));
    }
  }

  private void schedule(QueuedPod queued, long nowMs) {
    Pod pod = queued.pod();
    long started = metrics.start();
    try {
      boolean placed =
          pod.group() == null ? scheduleOne(queued, nowMs) : scheduleGroup(queued, nowMs);
      metrics.attempted(
          pod.schedulerName(),
          placed ? AttemptResult.SCHEDULED : AttemptResult.UNSCHEDULABLE,
          started);
    } catch (RuntimeException e) {
      // One pod that a plugin fails on must not keep the others from being scheduled.
      LOG.errorf(e, "scheduling pod %s failed", pod.key());
      metrics.attempted(pod.schedulerName(), AttemptResult.ERROR, started);
      if (!queue.contains(pod.key())) {
        queue.putBackingOff(queued, pod, nowMs);
      }
      outbox.pending(pod, "SchedulerError", "scheduling failed: " + e, nowMs);
    }
  }

  private boolean scheduleOne(QueuedPod queued, long nowMs) {
    return switch (cycles.of(queued.pod()).decide(queued.pod())) {
      case Decision.Placed placed -> {
        bind(queued, placed.node().name(), nowMs);
        yield true;
      }
      case Decision.Unschedulable unschedulable -> {
        wait(queued, unschedulable.diagnosis(), nowMs);
        yield false;
      }
    };
  }

  private boolean scheduleGroup(QueuedPod queued, long nowMs) {
    return switch (groups.attempt(queued, nowMs)) {
      case GroupScheduling.Result.Single single -> scheduleOne(queued, nowMs);
      case GroupScheduling.Result.Incomplete incomplete -> {
        waitForGroup(queued, incomplete.message(), nowMs);
        yield false;
      }
      case GroupScheduling.Result.Together together -> {
        hold.succeeded(queued.pod().groupKey());
        bindTogether(together.fits(), nowMs);
        together.misfits().forEach(misfit -> wait(misfit.queued(), misfit.diagnosis(), nowMs));
        yield true;
      }
      case GroupScheduling.Result.TooFew tooFew -> {
        keepWaiting(queued.pod(), tooFew, nowMs);
        yield false;
      }
    };
  }

  private void waitForGroup(QueuedPod queued, String message, long nowMs) {
    queue.putUnschedulable(queued, TurnedDown.late(GroupScheduling.WAITS_FOR_GROUP), nowMs);
    outbox.pending(queued.pod(), "Unschedulable", message, nowMs);
  }

  /** Those that would fit are pulled along by those that do not, once a change helps these. */
  private void keepWaiting(Pod member, GroupScheduling.Result.TooFew tooFew, long nowMs) {
    boolean held = hold.failed(member, nowMs);
    for (GroupScheduling.Fit fit : tooFew.fits()) {
      if (held) {
        cluster.nominations().put(fit.queued().pod().key(), fit.node());
      }
      waitForGroup(fit.queued(), tooFew.message(), nowMs);
    }
    for (GroupScheduling.Misfit misfit : tooFew.misfits()) {
      queue.putUnschedulable(misfit.queued(), misfit.diagnosis().turnedDown(), nowMs);
      outbox.pending(misfit.queued().pod(), "Unschedulable", tooFew.message(), nowMs);
    }
  }

  private void bindTogether(List<GroupScheduling.Fit> fits, long nowMs) {
    List<Placed> placed = new ArrayList<>(fits.size());
    for (GroupScheduling.Fit fit : fits) {
      Pod pod = fit.queued().pod();
      cluster.nominations().remove(pod.key());
      cluster.placement(pod.key()).ifPresent(where -> placements.placed(where, nowMs));
      placed.add(new Placed(fit.queued(), placing(pod, fit.node())));
    }
    binding.begin(new Bunch(placed, true), nowMs);
  }

  private void wait(QueuedPod queued, Diagnosis diagnosis, long nowMs) {
    Pod pod = queued.pod();
    PreemptionPlan plan = preempting.plan(pod, diagnosis);
    queue.putUnschedulable(queued, diagnosis.turnedDown(), nowMs);
    String further = preempting.carryOut(pod, plan, nowMs);
    outbox.pending(pod, "Unschedulable", diagnosis.message() + further, nowMs);
  }

  private void bind(QueuedPod queued, String node, long nowMs) {
    Pod pod = queued.pod();
    placements.change(pod.key(), () -> assume(pod, node), nowMs);
    binding.begin(Bunch.of(new Placed(queued, placing(pod, node))), nowMs);
  }

  private Outbox.Placing placing(Pod pod, String node) {
    return new Outbox.Placing(
        pod,
        node,
        new DecisionMark(run, ++decisions, podsRevision, nodesRevision),
        BindExtras.NONE);
  }

  private void assume(Pod pod, String node) {
    cluster.nominations().remove(pod.key());
    cluster.assume(pod, node);
  }

  private void retryGroupOf(Pod pod, long nowMs) {
    if (pod.group() != null) {
      cluster.podsOfGroup(pod.groupKey()).forEach(key -> queue.retry(key, nowMs));
    }
  }

  /** Says up to which revision nodes have been read; only for what is recorded of decisions. */
  public void nodesSeenUpTo(long revision) {
    nodesRevision = Math.max(nodesRevision, revision);
  }

  /** Says up to which revision pods have been read. Every change of a pod says so as well. */
  public void podsSeenUpTo(long revision, long nowMs) {
    podsRevision = Math.max(podsRevision, revision);
    binding.settle(podsRevision, nowMs);
  }
}
