package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.cycle.Bunch.Placed;
import dev.shiplog.scheduler.framework.Bind;
import dev.shiplog.scheduler.framework.BindExtras;
import dev.shiplog.scheduler.framework.PostBind;
import dev.shiplog.scheduler.metrics.ExtensionPoint;
import dev.shiplog.scheduler.metrics.PointTimes;
import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.plugins.VolumeBinding;
import dev.shiplog.topics.journal.CommandResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What becomes of pods from the choice of a node on: they are reserved for, permitted, wait for
 * their volumes, and are bound; or they go back to the queue. A pod counts on its node all the
 * time, until it is read as bound or is sure not to be.
 *
 * <p>No pod is lost here: it waits for a permit, or for volumes, or has a command on its way, and
 * each of those has a time limit. One thread.
 */
final class BindingCycle {

  private static final Logger LOG = Logger.getLogger(BindingCycle.class);

  /** An outcome that takes longer is not coming: its command is sent again. */
  static final long OUTCOME_TIMEOUT_MS = 30_000;

  private final Cycles cycles;
  private final Cluster cluster;
  private final Returns returns;
  private final SchedulerMetrics metrics;
  private final Reservations reservations;
  private final PermitWaits permitWaits;
  private final VolumeWaits volumeWaits;
  private final Bindings bindings = new Bindings();
  private final PendingBinds pending;

  BindingCycle(
      Cycles cycles,
      Placements placements,
      Returns returns,
      Outbox outbox,
      SchedulerMetrics metrics) {
    this.cycles = cycles;
    this.cluster = placements.cluster();
    this.returns = returns;
    this.metrics = metrics;
    this.reservations = new Reservations(cluster, cycles);
    this.permitWaits = new PermitWaits(placements, cycles, metrics);
    this.volumeWaits = new VolumeWaits(cluster, outbox);
    this.pending = new PendingBinds(outbox, bindings);
  }

  /** Whether a pod is on its way from a node to the binding. */
  boolean has(String podKey) {
    return bindings.of(podKey).isPresent()
        || volumeWaits.contains(podKey)
        || permitWaits.contains(podKey);
  }

  int waitingForVolumesCount() {
    return volumeWaits.size();
  }

  int waitingForPermitCount() {
    return permitWaits.size();
  }

  /** How many pods have a bind command on its way, or about to be. */
  int bindingCount() {
    return bindings.size() + pending.size();
  }

  /** How many count on nodes without being bound. */
  int assumedCount() {
    return bindingCount() + volumeWaits.size() + permitWaits.size();
  }

  /** Begins with pods that are assumed on their nodes. */
  void begin(Bunch bunch, long nowMs) {
    Optional<Rejection> rejection;
    PointTimes times = metrics.pointsOf(bunch.pods().getFirst().pod().schedulerName());
    long started = times.start();
    try {
      rejection = reservations.reserve(bunch);
    } catch (RuntimeException e) {
      LOG.errorf(e, "a Reserve plugin failed");
      fail(bunch, "running Reserve plugin: " + e, nowMs);
      return;
    }
    long reserved = times.ended(ExtensionPoint.RESERVE, rejection.isEmpty(), started);
    if (rejection.isPresent()) {
      reject(bunch, rejection.get(), nowMs);
      return;
    }
    PermitWaits.Answer answer = permitWaits.begin(bunch, nowMs);
    times.ended(ExtensionPoint.PERMIT, !(answer instanceof PermitWaits.Answer.Denied), reserved);
    permitted(answer, nowMs);
  }

  /** Goes on with what waits, as far as it can. */
  void goOn(long nowMs) {
    sendAgain(bindings.sentBefore(nowMs - OUTCOME_TIMEOUT_MS), nowMs);
    volumeWaits.ended(nowMs).forEach(ended -> endWait(ended, nowMs));
    askForPermits(nowMs);
  }

  /** Takes a pod's room from it if it is still to be permitted; false if it is not. */
  boolean preempt(String podKey) {
    return permitWaits.preempt(podKey);
  }

  /** Pods that were placed since may be what others wait for. */
  void askForPermits(long nowMs) {
    permitWaits.ended(nowMs).forEach(answer -> permitted(answer, nowMs));
  }

  /** Sends what is ready to be bound. */
  void flush(long nowMs) {
    pending.flush(nowMs);
  }

  private void permitted(PermitWaits.Answer answer, long nowMs) {
    switch (answer) {
      case PermitWaits.Answer.Allowed allowed -> bindVolumes(allowed.bunch(), nowMs);
      case PermitWaits.Answer.Denied denied -> reject(denied.bunch(), denied.rejection(), nowMs);
      case PermitWaits.Answer.Broken broken -> fail(broken.bunch(), broken.why(), nowMs);
      case PermitWaits.Answer.Waits waits -> {
        // It is asked again.
      }
    }
  }

  private void bindVolumes(Bunch bunch, long nowMs) {
    boolean claims = bunch.pods().stream().anyMatch(each -> !each.pod().claims().isEmpty());
    if (!claims || !waitsForVolumes(bunch, nowMs)) {
      bind(bunch, nowMs);
    }
  }

  private boolean waitsForVolumes(Bunch bunch, long nowMs) {
    return cycles.profileOf(bunch.pods().getFirst().pod()).clusterFilters().stream()
        .flatMap(plugin -> plugin instanceof VolumeBinding found ? Stream.of(found) : Stream.of())
        .anyMatch(plugin -> volumeWaits.begin(bunch, plugin.bindTimeoutMs(), nowMs));
  }

  private void endWait(VolumeWaits.Ended ended, long nowMs) {
    if (ended.failure().isEmpty()) {
      bind(ended.bunch(), nowMs);
    } else {
      fail(ended.bunch(), "binding volumes: " + ended.failure(), nowMs);
    }
  }

  private void bind(Bunch bunch, long nowMs) {
    List<Placed> ready = new ArrayList<>(bunch.pods().size());
    try {
      for (Placed each : bunch.pods()) {
        ready.add(withExtras(each));
      }
    } catch (RuntimeException e) {
      LOG.errorf(e, "a Bind plugin failed");
      fail(bunch, "running Bind plugin: " + e.getMessage(), nowMs);
      return;
    }
    if (bunch.allOrNone()) {
      pending.send(ready, true, nowMs);
    } else {
      ready.forEach(each -> pending.add(each, nowMs));
    }
  }

  private Placed withExtras(Placed placed) {
    List<Bind> plugins = cycles.profileOf(placed.pod()).binding().bind();
    if (plugins.isEmpty()) {
      return placed;
    }
    NodeInfo node =
        cluster
            .node(placed.placing().node())
            .orElseThrow(
                () -> new IllegalStateException("node " + placed.placing().node() + " is gone"));
    BindExtras extras =
        plugins.stream()
            .flatMap(plugin -> plugin.bind(placed.pod(), node).stream())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("none of them binds this pod"));
    return extras.equals(BindExtras.NONE) ? placed : placed.with(extras);
  }

  /** What was reserved is given back before anybody else is tried in its place. */
  private void fail(Bunch bunch, String why, long nowMs) {
    bunch.pods().forEach(each -> reservations.release(each.key()));
    returns.failed(bunch, why, nowMs);
  }

  private void reject(Bunch bunch, Rejection rejection, long nowMs) {
    bunch.pods().forEach(each -> reservations.release(each.key()));
    returns.rejected(bunch, rejection, nowMs);
  }

  /**
   * A pod was read: it may show what became of its binding, or that it need not be bound.
   *
   * @param wanted whether it is still to be scheduled
   * @return true if it has been bound, and not by somebody else while nothing was asked for
   */
  boolean seen(Pod pod, boolean wanted, long nowMs) {
    Optional<Binding> binding = bindings.of(pod.key());
    binding.ifPresent(found -> seen(pod, found, nowMs));
    if (!wanted) {
      permitWaits.drop(pod.key());
      volumeWaits.drop(pod.key());
    }
    return binding.isPresent() && pod.isBound();
  }

  private void seen(Pod pod, Binding binding, long nowMs) {
    if (pod.nodeName().equals(binding.node()) && pod.isSamePod(binding.queued().pod())) {
      reservations.keep(pod.key());
      bound(pod, binding, nowMs);
    }
    if (pod.isBound() || pod.finished() || !pod.isSamePod(binding.queued().pod())) {
      bindings.drop(pod.key());
      reservations.release(pod.key());
    }
  }

  private void bound(Pod pod, Binding binding, long nowMs) {
    metrics.bound(
        binding.queued().pod().schedulerName(),
        binding.queued().attempts(),
        nowMs - binding.queued().arrivedMs(),
        nowMs - binding.sentMs());
    for (PostBind plugin : cycles.profileOf(binding.queued().pod()).binding().postBind()) {
      try {
        plugin.postBind(pod, binding.node());
      } catch (RuntimeException e) {
        LOG.errorf(e, "plugin %s failed after pod %s was bound", plugin.name(), pod.key());
      }
    }
  }

  /** A pod is gone. */
  void drop(String podKey) {
    bindings.drop(podKey);
    permitWaits.drop(podKey);
    volumeWaits.drop(podKey);
    reservations.release(podKey);
  }

  /** Takes in an outcome; those of other commands are none of its business. */
  void decided(String commandId, CommandResult result) {
    bindings.decided(commandId, result);
    volumeWaits.decided(commandId, result);
  }

  /** Pods have been read up to a revision. */
  void settle(long podsRevision, long nowMs) {
    for (Bindings.Decided decided : bindings.settle(podsRevision)) {
      reservations.release(decided.binding().podKey());
      returns.refused(decided, nowMs);
    }
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
      List<Placed> pods =
          together.stream().map(each -> new Placed(each.queued(), each.placing())).toList();
      pending.send(pods, together.getFirst().allOrNone(), nowMs);
    });
  }
}
