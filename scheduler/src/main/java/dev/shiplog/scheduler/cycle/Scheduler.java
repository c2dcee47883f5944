package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.config.SchedulerConfiguration;
import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.model.Budgets;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Placement;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes;
import dev.shiplog.scheduler.model.Workloads;
import dev.shiplog.scheduler.queue.BackOff;
import dev.shiplog.scheduler.queue.QueuedPod;
import dev.shiplog.scheduler.queue.SchedulingQueue;
import dev.shiplog.topics.journal.CommandResult;
import java.util.LinkedHashMap;
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
 * is either in the queue or has a binding on its way, and each of those has a time limit.
 *
 * <p>Deterministic: time comes with every call, chance from the given generator. One thread.
 */
public final class Scheduler {

  private static final Logger LOG = Logger.getLogger(Scheduler.class);

  /** Bounds what is on its way to a slow API server. */
  static final int MOST_BINDINGS = 10_000;

  /** An outcome that takes longer is not coming: its command is sent again. */
  static final long OUTCOME_TIMEOUT_MS = 30_000;

  private static final long RETRY_NOMINATED_MS = 10_000;

  private final Cluster cluster = new Cluster();
  private final SchedulingQueue queue;
  private final Bindings bindings = new Bindings();
  private final Map<String, SchedulingCycle> cycles = new LinkedHashMap<>();
  private final Outbox outbox;
  private long podsRevision;
  private long nominatedRetriedMs;

  public Scheduler(Profile profile, RandomGenerator random, Outbox outbox) {
    this(new SchedulerConfiguration(List.of(profile), BackOff.DEFAULT), random, outbox);
  }

  /** A scheduler of one or more names. */
  public Scheduler(SchedulerConfiguration configuration, RandomGenerator random, Outbox outbox) {
    queue = new SchedulingQueue(configuration.backOff());
    for (Profile profile : configuration.profiles()) {
      cycles.put(profile.schedulerName(), new SchedulingCycle(profile, cluster, random));
    }
    this.outbox = outbox;
  }

  /** For reading. */
  public Cluster cluster() {
    return cluster;
  }

  /** For reading. */
  public SchedulingQueue queue() {
    return queue;
  }

  /** How many bind commands are on their way. */
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
    bindings.of(pod.key()).ifPresent(binding -> seen(pod, binding));
    if (!pod.isPending() || !isMine(pod)) {
      queue.remove(pod.key());
    } else if (bindings.of(pod.key()).isEmpty()) {
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
    bindings.drop(key);
    queue.remove(key);
    changePlacement(key, () -> cluster.removePod(key), nowMs);
    podsSeenUpTo(revision, nowMs);
  }

  /** A command was decided; those that are no bind commands do not matter here. */
  public void decided(String commandId, CommandResult result, long nowMs) {
    bindings.decided(commandId, result);
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
    bindings.sentBefore(nowMs - OUTCOME_TIMEOUT_MS).forEach(binding -> sendAgain(binding, nowMs));
    int count = 0;
    while (count < most && bindings.size() < MOST_BINDINGS) {
      Optional<QueuedPod> next = queue.pop(nowMs);
      if (next.isEmpty()) {
        break;
      }
      schedule(next.get(), nowMs);
      count++;
    }
    return count;
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
    try {
      switch (cycleOf(pod).decide(pod)) {
        case Decision.Placed placed -> bind(queued, placed.node().name(), nowMs);
        case Decision.Unschedulable unschedulable -> wait(queued, unschedulable.diagnosis(), nowMs);
      }
    } catch (RuntimeException e) {
      // One pod that a plugin fails on must not keep the others from being scheduled.
      LOG.errorf(e, "scheduling pod %s failed", pod.key());
      queue.putBackingOff(queued, pod, nowMs);
      outbox.pending(pod, "SchedulerError", "scheduling failed: " + e, nowMs);
    }
  }

  private void wait(QueuedPod queued, Diagnosis diagnosis, long nowMs) {
    Pod pod = queued.pod();
    String message = diagnosis.message();
    boolean preempts = cycleOf(pod).profile().preempts() && diagnosis.nodes() > 0;
    PreemptionPlan plan = preempts ? cycleOf(pod).planPreemption(pod, diagnosis) : null;
    queue.putUnschedulable(queued, diagnosis.rejectedBy(), diagnosis.rejectedByShape(), nowMs);
    switch (plan) {
      case null -> {
        // Nobody has to go.
      }
      case PreemptionPlan.Preempt preempt -> preempt(pod, preempt, nowMs);
      case PreemptionPlan.Wait wait -> message += " preemption: " + wait.why();
      case PreemptionPlan.Nothing nothing -> {
        message += " preemption: " + nothing.why();
        dropNomination(pod, nowMs);
      }
    }
    outbox.pending(pod, "Unschedulable", message, nowMs);
  }

  /** Pods of lower priority that were to have the room look for another node. */
  private void preempt(Pod pod, PreemptionPlan.Preempt plan, long nowMs) {
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
    bindings.put(new Binding(queued, node, outbox.bind(queued.pod(), node), nowMs));
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
  private void sendAgain(Binding late, long nowMs) {
    LOG.warnf("no outcome of binding pod %s to %s; sending it again", late.podKey(), late.node());
    String commandId = outbox.bind(late.queued().pod(), late.node());
    bindings.put(new Binding(late.queued(), late.node(), commandId, nowMs));
  }

  /** A pod with a binding on its way was read: it may show what became of that. */
  private void seen(Pod pod, Binding binding) {
    if (pod.isBound() || pod.finished() || !pod.isSamePod(binding.queued().pod())) {
      bindings.drop(pod.key());
    }
    if (pod.nodeName().equals(binding.node())) {
      outbox.bound(pod, binding.node());
    }
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
      queue.putBackingOff(binding.queued(), pod.get(), nowMs);
      outbox.pending(
          pod.get(), "SchedulerError", "binding rejected: " + decided.result().message(), nowMs);
    }
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
