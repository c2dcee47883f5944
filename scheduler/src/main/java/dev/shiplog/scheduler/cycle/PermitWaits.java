package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.cycle.Bunch.Placed;
import dev.shiplog.scheduler.framework.Permission;
import dev.shiplog.scheduler.framework.Permit;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.scheduler.model.NodeInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Pods that have a node, and that {@link Permit} plugins have not let through yet. Every wait ends:
 * all plugins allow it, or one denies it, or the shortest time that one of them gave is up. One
 * thread.
 */
final class PermitWaits {

  /** What came of asking the plugins about a bunch. */
  sealed interface Answer {

    record Allowed(Bunch bunch) implements Answer {}

    record Denied(Bunch bunch, Rejection rejection) implements Answer {}

    /** One of the pods is no longer what it was, or its node is gone. */
    record Broken(Bunch bunch, String why) implements Answer {}

    record Waits() implements Answer {}
  }

  /** Pods that wait together. Starts without an answer, and with the longest limit. */
  private static final class Wait {
    private final Bunch bunch;
    private final long sinceMs;
    private Duration limit = Permission.LONGEST_WAIT;
    private Rejection atLimit;
    private long askedAt;
    private String broken = "";
    private Optional<Rejection> preempted = Optional.empty();

    Wait(Bunch bunch, long sinceMs) {
      this.bunch = bunch;
      this.sinceMs = sinceMs;
    }

    boolean isOver(long nowMs) {
      return atLimit != null && nowMs - sinceMs >= limit.toMillis();
    }

    /** Only the first answers count for the limit: a plugin cannot prolong a wait. */
    void limit(Placed placed, Permit plugin, Duration atMost) {
      if (atLimit == null || atMost.compareTo(limit) < 0) {
        limit = Collections.min(List.of(atMost, limit));
        String reason =
            "rejected due to timeout after waiting %s at plugin %s"
                .formatted(text(limit), plugin.name());
        atLimit = new Rejection(placed, plugin.name(), Verdict.unschedulable(reason));
      }
    }

    private static String text(Duration duration) {
      return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
  }

  /** In place of the plugin where a wait ended for a more urgent pod. */
  static final String PREEMPTION = "DefaultPreemption";

  private static final Verdict PREEMPTED = Verdict.unschedulable("preempted");

  private static final Logger LOG = Logger.getLogger(PermitWaits.class);

  private final Placements placements;
  private final Cycles cycles;
  private final SchedulerMetrics metrics;
  private final List<Wait> waits = new ArrayList<>();
  private final Set<String> podKeys = new HashSet<>();

  PermitWaits(Placements placements, Cycles cycles, SchedulerMetrics metrics) {
    this.placements = placements;
    this.cycles = cycles;
    this.metrics = metrics;
  }

  int size() {
    return podKeys.size();
  }

  boolean contains(String podKey) {
    return podKeys.contains(podKey);
  }

  /** Asks whether pods may be bound, and has them wait if not yet. */
  Answer begin(Bunch bunch, long nowMs) {
    Wait wait = new Wait(bunch, nowMs);
    Answer answer = ask(wait, true);
    if (answer instanceof Answer.Waits) {
      waits.add(wait);
      bunch.pods().forEach(each -> podKeys.add(each.key()));
    }
    return answer;
  }

  /** A pod is not to be bound any more; nor are those that were to be bound with it. */
  void drop(String podKey) {
    if (podKeys.contains(podKey)) {
      waits.stream()
          .filter(wait -> wait.bunch.has(podKey))
          .forEach(wait -> wait.broken = "pod " + podKey + " has changed meanwhile");
    }
  }

  /**
   * Ends the wait of a pod whose room a more urgent one needs; those that wait with it end theirs
   * as well. They go back to the queue: there is nothing yet that would have to be deleted.
   *
   * @return false if the pod does not wait here
   */
  boolean preempt(String podKey) {
    for (Wait wait : waits) {
      for (Placed placed : wait.bunch.pods()) {
        if (placed.key().equals(podKey)) {
          wait.preempted = Optional.of(new Rejection(placed, PREEMPTION, PREEMPTED));
          return true;
        }
      }
    }
    return false;
  }

  /** Takes out the waits that have ended. */
  List<Answer> ended(long nowMs) {
    if (waits.isEmpty()) {
      return List.of();
    }
    List<Answer> ended = new ArrayList<>();
    waits.removeIf(wait -> {
      Answer answer = now(wait, nowMs);
      if (answer instanceof Answer.Waits) {
        return false;
      }
      wait.bunch.pods().forEach(each -> podKeys.remove(each.key()));
      metrics.permitted(answer instanceof Answer.Allowed, nowMs - wait.sinceMs);
      return ended.add(answer);
    });
    return ended;
  }

  private Answer now(Wait wait, long nowMs) {
    if (!wait.broken.isEmpty()) {
      return new Answer.Broken(wait.bunch, wait.broken);
    }
    if (wait.preempted.isPresent()) {
      return new Answer.Denied(wait.bunch, wait.preempted.get());
    }
    if (wait.isOver(nowMs)) {
      return new Answer.Denied(wait.bunch, wait.atLimit);
    }
    return wait.askedAt != placements.changes() ? ask(wait, false) : new Answer.Waits();
  }

  /** A plugin that fails must not stop the scheduler. */
  private Answer ask(Wait wait, boolean first) {
    wait.askedAt = placements.changes();
    try {
      boolean allowed = true;
      for (Placed each : wait.bunch.pods()) {
        switch (ask(wait, each, first)) {
          case Answer.Allowed one -> {
            // As far as this pod is concerned.
          }
          case Answer.Waits waits -> allowed = false;
          case Answer.Denied denied -> {
            return denied;
          }
          case Answer.Broken broken -> {
            return broken;
          }
        }
      }
      return allowed ? new Answer.Allowed(wait.bunch) : new Answer.Waits();
    } catch (RuntimeException e) {
      LOG.errorf(e, "a Permit plugin failed");
      return new Answer.Broken(wait.bunch, "running Permit plugin: " + e);
    }
  }

  private Answer ask(Wait wait, Placed placed, boolean first) {
    NodeInfo node = placements.cluster().node(placed.placing().node()).orElse(null);
    if (node == null) {
      return new Answer.Broken(wait.bunch, "node " + placed.placing().node() + " is gone");
    }
    boolean allowed = true;
    for (Permit plugin : cycles.profileOf(placed.pod()).binding().permit()) {
      switch (plugin.permit(placed.pod(), node, placements.cluster())) {
        case Permission.Allow allow -> {
          // The others are asked too: one of them may deny it.
        }
        case Permission.Deny deny -> {
          Verdict verdict = Verdict.unschedulable(deny.reason());
          return new Answer.Denied(wait.bunch, new Rejection(placed, plugin.name(), verdict));
        }
        case Permission.Wait longer -> {
          allowed = false;
          if (first) {
            wait.limit(placed, plugin, longer.atMost());
          }
        }
      }
    }
    return allowed ? new Answer.Allowed(wait.bunch) : new Answer.Waits();
  }
}
