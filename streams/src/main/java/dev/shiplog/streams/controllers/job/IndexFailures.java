package dev.shiplog.streams.controllers.job;

import dev.shiplog.streams.controllers.job.FailurePolicy.Action;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The failures of each index of a Job that limits them per index. A pod carries the number of
 * failures before it; so the last failed pod of an index is kept until its successor, who carries
 * one more, is there.
 */
final class IndexFailures {

  private final JobShape shape;
  private final Map<Integer, Pod> lastFailed = new HashMap<>();
  private final Map<Integer, Integer> highestCount = new HashMap<>();
  private final NavigableSet<Integer> written;
  private final NavigableSet<Integer> failed;

  IndexFailures(JobShape shape, Collection<Pod> pods) {
    this.shape = shape;
    Job job = shape.job();
    written =
        Indexes.parse(
            job.getStatus() == null ? null : job.getStatus().getFailedIndexes(),
            shape.indexLimit());
    failed = new TreeSet<>(written);
    for (Pod pod : pods) {
      shape.validIndex(pod).ifPresent(index -> take(index, pod));
    }
    if (shape.perIndexLimit().isPresent()) {
      lastFailed.forEach((index, pod) -> {
        if (isFinal(pod)) {
          failed.add(index);
        }
      });
    }
  }

  private void take(int index, Pod pod) {
    int before = JobPods.failuresBefore(pod).all();
    highestCount.merge(index, before, Math::max);
    if (shape.countsAsFailed(pod)) {
      lastFailed.merge(index, pod, (one, other) -> later(one, other));
    }
  }

  private static Pod later(Pod one, Pod other) {
    Comparator<Pod> order =
        Comparator.<Pod>comparingInt(pod -> JobPods.failuresBefore(pod).all())
            .thenComparing(JobPods::finishedAt);
    return order.compare(one, other) >= 0 ? one : other;
  }

  private boolean isFinal(Pod pod) {
    return FailurePolicy.judge(shape.job(), pod).action() == Action.FAIL_INDEX
        || after(pod).counted() > shape.perIndexLimit().orElseThrow();
  }

  private JobPods.Failures after(Pod pod) {
    JobPods.Failures before = JobPods.failuresBefore(pod);
    return FailurePolicy.judge(shape.job(), pod).action() == Action.IGNORE
        ? new JobPods.Failures(before.counted(), before.ignored() + 1)
        : new JobPods.Failures(before.counted() + 1, before.ignored());
  }

  /** What the next pod of the index is to carry. */
  JobPods.Failures before(int index) {
    return lastFailed(index).map(this::after).orElse(JobPods.Failures.NONE);
  }

  Optional<Pod> lastFailed(int index) {
    return Optional.ofNullable(lastFailed.get(index));
  }

  /** Indexes that are given up. */
  NavigableSet<Integer> failedIndexes() {
    return failed;
  }

  /** The pod's count would be lost with it. */
  boolean mustStay(Pod pod) {
    if (shape.perIndexLimit().isEmpty()) {
      return false;
    }
    return shape
        .validIndex(pod)
        .filter(index -> !written.contains(index))
        .filter(index -> pod.equals(lastFailed.get(index)))
        .filter(index -> highestCount.get(index) <= JobPods.failuresBefore(pod).all())
        .isPresent();
  }
}
