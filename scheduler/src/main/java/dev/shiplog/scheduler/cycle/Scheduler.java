package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.config.SchedulerConfiguration;
import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.scheduler.metrics.SchedulerMetrics.AttemptResult;
import dev.shiplog.scheduler.model.Budgets;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Placement;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes;
import dev.shiplog.scheduler.model.Workloads;
import dev.shiplog.scheduler.plugins.VolumeBinding;
import dev.shiplog.scheduler.queue.BackOff;
import dev.shiplog.scheduler.queue.QueuedPod;
import dev.shiplog.scheduler.queue.SchedulingQueue;
import dev.shiplog.topics.journal.CommandResult;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Schedules the pods of one or more profiles: takes in what happens in the cluster, and in {@link
 * #run} decides on pending pods and sends bind commands, many at a time, without waiting for one
 * before deciding the next.
 *
 * <p>What keeps nodes from being overcommitted: a pod counts on its node from the decision on,
 * until its command is settled ({@link Bindings}); it is taken off only when the pods read so far
 * are sure to show what the command has done. What keeps pods from being forgotten: a pending pod
 * is in the queue, or waits for its volumes, or has a binding on its way, and each of those has a
 * time limit.
 *
 * <p>Deterministic: time comes with every call, chance from the given generator. One thread. One
 * file: where a pod stands between queue, volumes and binding is one state, and each of these
 * methods is a step of it.
 */
public final class Scheduler {

  private static final Logger LOG = Logger.getLogger(Scheduler.class);

  /** Bounds what is on its way to a slow API server. */
  static final int MOST_BINDINGS = 10_000;

  /** An outcome that takes longer is not coming: its command is sent again. */
  static final long OUTCOME_TIMEOUT_MS = 30_000;

  private static final long RETRY_NOMINATED_MS = 10_000;
  private static final long EXPIRE_HOLDS_MS = 1_000;

  private final Cluster cluster = new Cluster();
  private final SchedulingQueue queue;
  private final Bindings bindings = new Bindings();
  private final Map<String, SchedulingCycle> cycles = new LinkedHashMap<>();
  private final Outbox outbox;
  private final SchedulerMetrics metrics;
  private final PendingBinds pending;
  private final GroupScheduling groups;
  private final GroupHold hold = new GroupHold(cluster);
  private final VolumeWaits volumeWaits;
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
        new SchedulerMetrics(new CompositeMeterRegistry(), () -> 0));
  }

  /** A scheduler of one or more names. */
  public Scheduler(
      SchedulerConfiguration configuration,
      RandomGenerator random,
      Outbox outbox,
      SchedulerMetrics metrics) {
    this.metrics = metrics;
    queue = new SchedulingQueue(configuration.backOff());
    for (Profile profile : configuration.profiles()) {
      cycles.put(profile.schedulerName(), new SchedulingCycle(profile, cluster, random));
    }
    this.outbox = outbox;
    this.pending = new PendingBinds(outbox, bindings);
    this.volumeWaits = new VolumeWaits(cluster, outbox);
    this.groups = new GroupScheduling(cluster, queue, pod -> cycleOf(pod).decide(pod));
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
    return volumeWaits.size();
  }

  /** How many pods have a bind command on its way. */
  public int bindingCount() {
    return bindings.size();
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
      wake(new ClusterEvent.NodeChanged(cluster.node(node.name()).orElseThrow()), nowMs);
    }
  }

  /** Changes what is known of volumes, claims and storage classes. */
  public void changeVolumes(Consumer<Volumes> change, long nowMs) {
    change.accept(cluster.volumes());
    wake(new ClusterEvent.VolumesChanged(), nowMs);
  }

  /** The labels of a namespace; none once it is gone. */
  public void putNamespace(String name, Map<String, String> labels) {
    cluster.putNamespace(name, labels);
  }

  public void removeNode(String name, long nowMs) {
    cluster.removeNode(name);
    wake(new ClusterEvent.NodeRemoved(name), nowMs);
  }

  public void putPod(Pod pod, long nowMs) {
    changePlacement(pod.key(), () -> cluster.putPod(pod), nowMs);
    bindings.of(pod.key()).ifPresent(binding -> seen(pod, binding, nowMs));
    if (!pod.isPending() || !isMine(pod)) {
      queue.remove(pod.key());
      volumeWaits.drop(pod.key());
    } else if (bindings.of(pod.key()).isEmpty() && !volumeWaits.contains(pod.key())) {
      countIfNew(pod);
      queue.put(pod, nowMs);
      if (pod.gated()) {
        outbox.gated(pod, nowMs);
      }
    }
    podsSeenUpTo(pod.revision(), nowMs);
  }

  private void countIfNew(Pod pod) {
    if (!queue.contains(pod.key())) {
      metrics.queued(
          pod.gated() ? SchedulerMetrics.Queue.GATED : SchedulerMetrics.Queue.ACTIVE, "PodAdd");
    }
  }

  /**
   * A pod is gone.
   *
   * @param revision the revision of its deletion
   */
  public void removePod(String key, long revision, long nowMs) {
    bindings.drop(key);
    volumeWaits.drop(key);
    queue.remove(key);
    changePlacement(key, () -> cluster.removePod(key), nowMs);
    podsSeenUpTo(revision, nowMs);
  }

  /** A command was decided; those that are no bind commands do not matter here. */
  public void decided(String commandId, CommandResult result, long nowMs) {
    bindings.decided(commandId, result);
    volumeWaits.decided(commandId, result);
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
    sendAgain(bindings.sentBefore(nowMs - OUTCOME_TIMEOUT_MS), nowMs);
    expireHolds(nowMs);
    volumeWaits.ended(nowMs).forEach(ended -> endWait(ended, nowMs));
    int count = 0;
    while (count < most && bindings.size() + pending.size() < MOST_BINDINGS) {
      Optional<QueuedPod> next = queue.pop(hold.members(), nowMs);
      if (next.isEmpty()) {
        break;
      }
      schedule(next.get(), nowMs);
      count++;
    }
    pending.flush(nowMs);
    measure();
    return count;
  }

  private void measure() {
    metrics.pending(SchedulerMetrics.Queue.ACTIVE, queue.activeCount());
    metrics.pending(SchedulerMetrics.Queue.BACKOFF, queue.backingOffCount());
    metrics.pending(SchedulerMetrics.Queue.UNSCHEDULABLE, queue.unschedulableCount());
    metrics.pending(SchedulerMetrics.Queue.GATED, queue.gatedCount());
    metrics.cached(SchedulerMetrics.Cached.NODES, cluster.nodeCount());
    metrics.cached(SchedulerMetrics.Cached.PODS, cluster.pods().size());
    metrics.cached(SchedulerMetrics.Cached.ASSUMED_PODS, bindings.size() + volumeWaits.size());
  }

  private void endWait(VolumeWaits.Ended ended, long nowMs) {
    if (!ended.failure().isEmpty()) {
      ended.pods().forEach(each -> release(each, "binding volumes: " + ended.failure(), nowMs));
    } else if (ended.allOrNone()) {
      pending.send(ended.pods(), true, nowMs);
    } else {
      ended.pods().forEach(each -> pending.add(each, nowMs));
    }
  }

  /** A pod that was given a node is to look for one again. */
  private void release(PendingBinds.Placed placed, String why, long nowMs) {
    String key = placed.placing().pod().key();
    changePlacement(key, () -> cluster.forget(key), nowMs);
    Optional<Pod> pod = cluster.pod(key).filter(placed.placing().pod()::isSamePod);
    if (pod.isPresent() && pod.get().isPending()) {
      queue.putBackingOff(placed.queued(), pod.get(), nowMs);
      outbox.pending(pod.get(), "SchedulerError", why, nowMs);
    } else {
      cluster
          .pod(key)
          .filter(Pod::isPending)
          .filter(this::isMine)
          .ifPresent(p -> queue.put(p, nowMs));
    }
  }

  private void expireHolds(long nowMs) {
    if (nowMs - holdsExpiredMs >= EXPIRE_HOLDS_MS) {
      holdsExpiredMs = nowMs;
      for (String key : hold.expire(nowMs)) {
        changePlacement(key, () -> cluster.nominations().remove(key), nowMs);
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
    return switch (cycleOf(queued.pod()).decide(queued.pod())) {
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
    queue.putUnschedulable(queued, Set.of(GroupScheduling.WAITS_FOR_GROUP), false, nowMs);
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
      Diagnosis diagnosis = misfit.diagnosis();
      queue.putUnschedulable(
          misfit.queued(), diagnosis.rejectedBy(), diagnosis.rejectedByShape(), nowMs);
      outbox.pending(misfit.queued().pod(), "Unschedulable", tooFew.message(), nowMs);
    }
  }

  private void bindTogether(List<GroupScheduling.Fit> fits, long nowMs) {
    List<PendingBinds.Placed> placed = new ArrayList<>(fits.size());
    for (GroupScheduling.Fit fit : fits) {
      Pod pod = fit.queued().pod();
      cluster.nominations().remove(pod.key());
      cluster
          .placement(pod.key())
          .ifPresent(where -> wake(new ClusterEvent.PodPlaced(where.pod(), where.node()), nowMs));
      placed.add(new PendingBinds.Placed(fit.queued(), placing(pod, fit.node())));
    }
    if (!waitsForVolumes(placed, true, nowMs)) {
      pending.send(placed, true, nowMs);
    }
  }

  private boolean waitsForVolumes(List<PendingBinds.Placed> placed, boolean allOrNone, long nowMs) {
    return cycleOf(placed.getFirst().placing().pod()).profile().clusterFilters().stream()
        .flatMap(plugin -> plugin instanceof VolumeBinding found ? Stream.of(found) : Stream.of())
        .anyMatch(plugin -> volumeWaits.begin(placed, allOrNone, plugin.bindTimeoutMs(), nowMs));
  }

  private void wait(QueuedPod queued, Diagnosis diagnosis, long nowMs) {
    Pod pod = queued.pod();
    String message = diagnosis.message();
    boolean preempts = cycleOf(pod).profile().preempts() && diagnosis.nodes() > 0;
    PreemptionPlan plan = preempts ? cycleOf(pod).planPreemption(pod, diagnosis) : null;
    queue.putUnschedulable(queued, diagnosis.rejectedBy(), diagnosis.rejectedByShape(), nowMs);
    metrics.queued(SchedulerMetrics.Queue.UNSCHEDULABLE, "ScheduleAttemptFailure");
    switch (plan) {
      case null -> {
        // Nobody has to go.
      }
      case PreemptionPlan.Preempt preempt -> preempt(pod, preempt, nowMs);
      case PreemptionPlan.Wait wait -> message += " preemption: " + wait.why();
      case PreemptionPlan.Nothing nothing -> {
        message += " preemption: " + nothing.why();
        metrics.preemptionFailed();
        dropNomination(pod, nowMs);
      }
    }
    outbox.pending(pod, "Unschedulable", message, nowMs);
  }

  /** Pods of lower priority that were to have the room look for another node. */
  private void preempt(Pod pod, PreemptionPlan.Preempt plan, long nowMs) {
    metrics.preempted(plan.victims().size());
    for (Pod victim : plan.victims()) {
      if (!victim.terminating()) {
        outbox.preempt(victim, pod, plan.node(), nowMs);
      }
    }
    List.copyOf(cluster.nominations().podsOn(plan.node())).stream()
        .flatMap(key -> cluster.pod(key).stream())
        .filter(other -> other.priority() < pod.priority())
        .forEach(other -> dropNomination(other, nowMs));
    nominate(pod, plan.node(), nowMs);
  }

  private void dropNomination(Pod pod, long nowMs) {
    if (cluster.nominations().of(pod.key()).isPresent()) {
      changePlacement(pod.key(), () -> cluster.nominations().remove(pod.key()), nowMs);
      outbox.nominate(pod, "");
    }
  }

  private void nominate(Pod pod, String node, long nowMs) {
    changePlacement(pod.key(), () -> cluster.nominations().put(pod.key(), node), nowMs);
    outbox.nominate(pod, node);
  }

  private void bind(QueuedPod queued, String node, long nowMs) {
    Pod pod = queued.pod();
    changePlacement(pod.key(), () -> assume(pod, node), nowMs);
    PendingBinds.Placed placed = new PendingBinds.Placed(queued, placing(pod, node));
    if (pod.claims().isEmpty() || !waitsForVolumes(List.of(placed), false, nowMs)) {
      pending.add(placed, nowMs);
    }
  }

  private Outbox.Placing placing(Pod pod, String node) {
    return new Outbox.Placing(
        pod, node, new DecisionMark(run, ++decisions, podsRevision, nodesRevision));
  }

  private void assume(Pod pod, String node) {
    cluster.nominations().remove(pod.key());
    cluster.assume(pod, node);
  }

  /**
   * The same pod to the same node again: if the first command has taken effect after all, the
   * second is refused and nothing is lost; to choose another node now could take two nodes'
   * resources.
   */
  private void sendAgain(List<Binding> late, long nowMs) {
    Map<String, List<Binding>> byCommand = new LinkedHashMap<>();
    late.forEach(
        each -> byCommand.computeIfAbsent(each.commandId(), id -> new ArrayList<>()).add(each));
    byCommand.forEach((id, together) -> {
      LOG.warnf(
          "no outcome of binding %s to %s and %d others; sending it again",
          together.getFirst().podKey(), together.getFirst().node(), together.size() - 1);
      pending.send(
          together.stream()
              .map(each -> new PendingBinds.Placed(each.queued(), each.placing()))
              .toList(),
          together.getFirst().allOrNone(),
          nowMs);
    });
  }

  /** A pod with a binding on its way was read: it may show what became of that. */
  private void seen(Pod pod, Binding binding, long nowMs) {
    if (pod.isBound() || pod.finished() || !pod.isSamePod(binding.queued().pod())) {
      bindings.drop(pod.key());
    }
    if (pod.nodeName().equals(binding.node())) {
      outbox.bound(pod, binding.node());
      QueuedPod queued = binding.queued();
      metrics.bound(queued.attempts(), nowMs - queued.arrivedMs());
    }
    if (pod.isBound() && pod.group() != null) {
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
    bindings.settle(podsRevision).forEach(decided -> settle(decided, nowMs));
  }

  /** Were the pod bound or gone, its binding would have been dropped when that was read. */
  private void settle(Bindings.Decided decided, long nowMs) {
    Binding binding = decided.binding();
    changePlacement(binding.podKey(), () -> cluster.forget(binding.podKey()), nowMs);
    Optional<Pod> pod = cluster.pod(binding.podKey());
    if (pod.isPresent() && pod.get().isPending()) {
      queue.putRefused(binding.queued(), pod.get(), nowMs);
      metrics.queued(SchedulerMetrics.Queue.BACKOFF, "BindingRefused");
      outbox.pending(pod.get(), "SchedulerError", "binding rejected: " + why(decided), nowMs);
    }
  }

  /** Of several pods in one command those are left out that cannot be bound. */
  private static String why(Bindings.Decided decided) {
    String message = decided.result().message();
    return message.isEmpty() ? "the pod or the node has changed meanwhile" : message;
  }

  /** Changes where a pod lies, and tells the queue what that frees or fills. */
  private void changePlacement(String podKey, Runnable change, long nowMs) {
    Placement before = cluster.placement(podKey).orElse(null);
    String nominated = cluster.nominations().of(podKey).orElse("");
    change.run();
    Placement after = cluster.placement(podKey).orElse(null);
    if (!nominated.isEmpty() && !cluster.nominations().podsOn(nominated).contains(podKey)) {
      wakeFor(nominated, nowMs);
    }
    if (before != null && after != null && before.countsLike(after)) {
      return;
    }
    if (before != null && before.node().node() != null) {
      wake(new ClusterEvent.PodFreed(before.pod(), before.node()), nowMs);
    }
    if (after != null && after.node().node() != null) {
      wake(new ClusterEvent.PodPlaced(after.pod(), after.node()), nowMs);
    }
  }

  /** Room is no longer held on a node. */
  private void wakeFor(String nodeName, long nowMs) {
    cluster.node(nodeName).ifPresent(node -> wake(new ClusterEvent.NodeChanged(node), nowMs));
  }

  private void wake(ClusterEvent event, long nowMs) {
    if (queue.unschedulableCount() > 0) {
      queue.wake(new QueueingHints(event, cycles), nowMs);
    }
  }

  private SchedulingCycle cycleOf(Pod pod) {
    return cycles.get(pod.schedulerName());
  }

  private boolean isMine(Pod pod) {
    return cycles.containsKey(pod.schedulerName());
  }
}
