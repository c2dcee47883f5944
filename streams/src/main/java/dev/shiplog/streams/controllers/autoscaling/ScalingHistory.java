package dev.shiplog.streams.controllers.autoscaling;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was recommended and done of late, for each autoscaler. It lives in memory only, as it does
 * in Kubernetes: after a fail-over the present number of replicas is the first recommendation, so
 * that nothing is scaled down before a whole window has passed. Owned by the controllers' thread.
 */
final class ScalingHistory {

  /** The longest window and period that validation allows. */
  static final Duration KEPT = Duration.ofHours(1);

  private final Map<String, OfOne> byKey = new HashMap<>();

  /** A number of replicas that metrics called for, or by which they were changed. */
  record Entry(Instant at, int replicas) {}

  /** One autoscaler's. */
  static final class OfOne {
    private final List<Entry> recommended = new ArrayList<>();
    private final List<Entry> added = new ArrayList<>();
    private final List<Entry> removed = new ArrayList<>();
    private Optional<Instant> looked = Optional.empty();
    private HorizontalPodAutoscalerSpec spec;

    List<Entry> recommended() {
      return recommended;
    }

    void recommend(int replicas, Instant now) {
      prune(recommended, now);
      recommended.add(new Entry(now, replicas));
    }

    void scaled(int from, int to, Instant now) {
      List<Entry> changes = to > from ? added : removed;
      prune(changes, now);
      changes.add(new Entry(now, Math.abs(to - from)));
    }

    int addedWithin(Duration period, Instant now) {
      return within(added, period, now);
    }

    int removedWithin(Duration period, Instant now) {
      return within(removed, period, now);
    }

    /** When it is to be looked at again; empty if now, as for one whose spec has changed. */
    Optional<Duration> pause(HorizontalPodAutoscalerSpec now, Instant at, Duration period) {
      return looked
          .filter(last -> now.equals(spec))
          .map(last -> Duration.between(at, last.plus(period)))
          .filter(Duration::isPositive);
    }

    void look(HorizontalPodAutoscalerSpec now, Instant at) {
      looked = Optional.of(at);
      spec = now;
    }

    private static int within(List<Entry> changes, Duration period, Instant now) {
      return changes.stream()
          .filter(entry -> entry.at().isAfter(now.minus(period)))
          .mapToInt(Entry::replicas)
          .sum();
    }

    private static void prune(List<Entry> entries, Instant now) {
      entries.removeIf(entry -> entry.at().isBefore(now.minus(KEPT)));
    }
  }

  OfOne of(String key) {
    return byKey.computeIfAbsent(key, k -> new OfOne());
  }

  void forget(String key) {
    byKey.remove(key);
  }
}
