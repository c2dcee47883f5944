package dev.shiplog.scheduler.queue;

import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.queue.QueuedPod.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The pods that are to be scheduled. Each is in one of four places:
 *
 * <ul>
 *   <li><b>active</b>: popped in order of priority, and of age among equals;
 *   <li><b>backing off</b>: becomes active when its back-off has ended;
 *   <li><b>unschedulable</b>: waits for a change that may help it, five minutes at the most;
 *   <li><b>gated</b>: waits for its scheduling gates to be removed.
 * </ul>
 *
 * <p>A pod that was popped is not in the queue any more; whoever popped it gives it back with
 * {@link #putUnschedulable} or {@link #putBackingOff}, or is done with it. Times are milliseconds
 * of the caller's clock. One thread.
 */
public final class SchedulingQueue {

  /** No wake-up is that sure that a pod should wait for one for ever. */
  static final long MOST_UNSCHEDULABLE_MS = 5 * 60 * 1000;

  private static final long FLUSH_EVERY_MS = 30_000;

  private static final String FAILED = "ScheduleAttemptFailure";

  private final BackOff backOff;
  private final QueueListener listener;
  private final Map<String, QueuedPod> all = new HashMap<>();
  private final TreeSet<QueuedPod> active =
      new TreeSet<>(
          Comparator.<QueuedPod>comparingInt(queued -> queued.pod().priority())
              .reversed()
              .thenComparingLong(QueuedPod::queuedMs)
              .thenComparingLong(QueuedPod::sequence));
  private final TreeSet<QueuedPod> backingOff =
      new TreeSet<>(
          Comparator.comparingLong(QueuedPod::readyMs).thenComparingLong(QueuedPod::sequence));
  private final UnschedulablePods unschedulable = new UnschedulablePods();
  private long sequence;
  private long flushedMs;

  /** A queue that nobody measures. */
  public SchedulingQueue(BackOff backOff) {
    this(backOff, QueueListener.NONE);
  }

  public SchedulingQueue(BackOff backOff, QueueListener listener) {
    this.backOff = backOff;
    this.listener = listener;
  }

  /** How many pods it holds, in all places. */
  public int size() {
    return all.size();
  }

  /** How many are ready to be popped. */
  public int activeCount() {
    return active.size();
  }

  public int backingOffCount() {
    return backingOff.size();
  }

  public int unschedulableCount() {
    return unschedulable.size();
  }

  /** The pods that wait for their gates. */
  public int gatedCount() {
    return all.size() - active.size() - backingOff.size() - unschedulable.size();
  }

  public boolean contains(String podKey) {
    return all.containsKey(podKey);
  }

  /**
   * Takes in a pod, or what it is now. A pod that waits and would be scheduled differently from now
   * on is tried again.
   */
  public void put(Pod pod, long nowMs) {
    QueuedPod queued = all.get(pod.key());
    if (queued != null && !queued.pod().isSamePod(pod)) {
      remove(pod.key());
      queued = null;
    }
    if (queued == null) {
      enter(new QueuedPod(pod), pod.gated() ? Place.GATED : Place.ACTIVE, "PodAdd", nowMs);
    } else {
      update(queued, pod, nowMs);
    }
  }

  /** Drops a pod, wherever it is. */
  public void remove(String podKey) {
    QueuedPod queued = all.remove(podKey);
    if (queued != null) {
      leave(queued);
      blame(queued, Set.of());
    }
  }

  /** Takes out the pod that is next; empty while none is ready. */
  public Optional<QueuedPod> pop(long nowMs) {
    return pop(Set.of(), nowMs);
  }

  /**
   * Takes out the pod that is next; empty while none is ready.
   *
   * @param first keys of pods that go before others of their priority, whenever they came, and need
   *     not end their back-off
   */
  public Optional<QueuedPod> pop(Set<String> first, long nowMs) {
    endBackOffs(nowMs);
    QueuedPod head = active.isEmpty() ? null : active.first();
    QueuedPod next =
        first.stream()
            .map(all::get)
            .filter(candidate -> candidate != null && goesBefore(candidate, head))
            .findFirst()
            .orElse(head);
    return next == null ? Optional.empty() : take(next.pod().key(), nowMs);
  }

  private static boolean goesBefore(QueuedPod candidate, QueuedPod head) {
    boolean isAwake = candidate.place() == Place.ACTIVE || candidate.place() == Place.BACKING_OFF;
    return isAwake && (head == null || candidate.pod().priority() >= head.pod().priority());
  }

  /**
   * Takes out a pod wherever it is, as if it were next; empty if it is not here or waits for its
   * gates.
   */
  public Optional<QueuedPod> take(String podKey, long nowMs) {
    QueuedPod queued = all.get(podKey);
    if (queued == null || queued.place() == Place.GATED) {
      return Optional.empty();
    }
    remove(podKey);
    queued.attempt(nowMs);
    return Optional.of(queued);
  }

  /**
   * Gives back a pod for which there is no node.
   *
   * @param why what turned it down
   */
  public void putUnschedulable(QueuedPod popped, TurnedDown why, long nowMs) {
    popped.reject(why.byClusterFilters(), why.byShape());
    blame(popped, why.plugins());
    popped.backOff(backOff);
    enter(popped, Place.UNSCHEDULABLE, FAILED, nowMs);
  }

  private void blame(QueuedPod queued, Set<String> plugins) {
    if (!queued.plugins().isEmpty()) {
      listener.turnedDown(queued.pod(), queued.plugins(), -1);
    }
    queued.blame(plugins);
    if (!plugins.isEmpty()) {
      listener.turnedDown(queued.pod(), plugins, 1);
    }
  }

  /**
   * Gives back a pod that was turned down after it had been given a node.
   *
   * @param pod what it is now
   * @param plugin by which plugin
   */
  public void putUnschedulable(QueuedPod popped, Pod pod, String plugin, long nowMs) {
    popped.update(pod);
    putUnschedulable(popped, TurnedDown.late(plugin), nowMs);
  }

  /**
   * Gives back a pod whose binding was refused, to be tried again whatever happens.
   *
   * @param pod what it is now
   */
  public void putRefused(QueuedPod popped, Pod pod, long nowMs) {
    popped.refuse();
    putBackingOff(popped, pod, nowMs);
  }

  /**
   * Gives back a pod on which the attempt failed, to be tried again whatever happens.
   *
   * @param pod what it is now
   */
  public void putBackingOff(QueuedPod popped, Pod pod, long nowMs) {
    popped.update(pod);
    popped.backOff(backOff);
    enter(popped, pod.gated() ? Place.GATED : Place.BACKING_OFF, FAILED, nowMs);
  }

  /** Tries those again that a change may help, once their back-off has ended. */
  public void wake(WakeUp wakeUp, long nowMs) {
    if (unschedulable.size() > 0) {
      unschedulable.helpedBy(wakeUp).forEach(queued -> retry(queued, wakeUp.cause(), nowMs));
    }
  }

  /** Tries those again that have waited for too long. Cheap to call often. */
  public void flush(long nowMs) {
    if (nowMs - flushedMs >= FLUSH_EVERY_MS) {
      flushedMs = nowMs;
      unschedulable
          .queuedBefore(nowMs - MOST_UNSCHEDULABLE_MS)
          .forEach(queued -> retry(queued, "UnschedulableTimeout", nowMs));
    }
  }

  private void update(QueuedPod queued, Pod pod, long nowMs) {
    boolean schedulesLikeBefore = queued.pod().schedulesLike(pod);
    Place place = queued.place();
    leave(queued);
    queued.update(pod);
    if (pod.gated() && place == Place.GATED) {
      hold(queued, place);
    } else if (pod.gated()) {
      enter(queued, Place.GATED, "PodUpdate", nowMs);
    } else if (place == Place.GATED) {
      enter(queued, Place.ACTIVE, "PodUpdate", nowMs);
    } else if (place == Place.UNSCHEDULABLE && !schedulesLikeBefore) {
      enter(queued, afterBackOff(queued, nowMs), "PodUpdate", nowMs);
    } else {
      hold(queued, place);
    }
  }

  private void endBackOffs(long nowMs) {
    List<QueuedPod> ended = new ArrayList<>();
    while (!backingOff.isEmpty() && backingOff.first().readyMs() <= nowMs) {
      ended.add(backingOff.pollFirst());
    }
    ended.forEach(queued -> enter(queued, Place.ACTIVE, "BackoffComplete", nowMs));
  }

  /** Tries a pod again if it waits for a change, once its back-off has ended. */
  public void retry(String podKey, long nowMs) {
    QueuedPod queued = all.get(podKey);
    if (queued != null && queued.place() == Place.UNSCHEDULABLE) {
      retry(queued, "ForceActivate", nowMs);
    }
  }

  private void retry(QueuedPod queued, String event, long nowMs) {
    leave(queued);
    enter(queued, afterBackOff(queued, nowMs), event, nowMs);
  }

  private static Place afterBackOff(QueuedPod queued, long nowMs) {
    return queued.readyMs() > nowMs ? Place.BACKING_OFF : Place.ACTIVE;
  }

  private void enter(QueuedPod queued, Place place, String event, long nowMs) {
    queued.enter(place, nowMs, sequence++);
    hold(queued, place);
    switch (place) {
      case ACTIVE -> listener.came(QueueListener.Place.ACTIVE, event);
      case BACKING_OFF -> listener.came(QueueListener.Place.BACKOFF, event);
      case UNSCHEDULABLE -> listener.came(QueueListener.Place.UNSCHEDULABLE, event);
      case GATED -> listener.came(QueueListener.Place.GATED, event);
      case OUT -> {
        // It is nowhere.
      }
    }
  }

  private void hold(QueuedPod queued, Place place) {
    all.put(queued.pod().key(), queued);
    switch (place) {
      case ACTIVE -> active.add(queued);
      case BACKING_OFF -> backingOff.add(queued);
      case UNSCHEDULABLE -> unschedulable.add(queued);
      case GATED, OUT -> {
        // Held by the map alone.
      }
    }
  }

  private void leave(QueuedPod queued) {
    switch (queued.place()) {
      case ACTIVE -> active.remove(queued);
      case BACKING_OFF -> backingOff.remove(queued);
      case UNSCHEDULABLE -> unschedulable.remove(queued);
      case GATED, OUT -> {
        // Held by the map alone.
      }
    }
  }
}
