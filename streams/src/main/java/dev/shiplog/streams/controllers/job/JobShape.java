package dev.shiplog.streams.controllers.job;

import dev.shiplog.streams.controllers.pod.PodStates;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Optional;
import java.util.OptionalInt;

/** What a Job's spec says, defaults filled in. */
record JobShape(Job job) {

  boolean isIndexed() {
    return "Indexed".equals(job.getSpec().getCompletionMode());
  }

  /** Indexes are below this. */
  int indexLimit() {
    return isIndexed() ? completions().orElse(0) : 0;
  }

  OptionalInt completions() {
    Integer completions = job.getSpec().getCompletions();
    return completions == null ? OptionalInt.empty() : OptionalInt.of(completions);
  }

  int parallelism() {
    Integer parallelism = job.getSpec().getParallelism();
    return parallelism == null ? 1 : parallelism;
  }

  int backoffLimit() {
    Integer limit = job.getSpec().getBackoffLimit();
    if (limit != null) {
      return limit;
    }
    return perIndexLimit().isPresent() ? Integer.MAX_VALUE : 6;
  }

  OptionalInt perIndexLimit() {
    Integer limit = job.getSpec().getBackoffLimitPerIndex();
    return limit == null || !isIndexed() ? OptionalInt.empty() : OptionalInt.of(limit);
  }

  boolean isSuspended() {
    return Boolean.TRUE.equals(job.getSpec().getSuspend());
  }

  /** A pod on its way out is waited for before it is replaced, and before it counts. */
  boolean replacesOnlyFailed() {
    String policy = job.getSpec().getPodReplacementPolicy();
    return policy == null ? job.getSpec().getPodFailurePolicy() != null : policy.equals("Failed");
  }

  /** Of one that was never on a node nobody will say that it failed. */
  boolean countsAsFailed(Pod pod) {
    return JobPods.failed(pod)
        || (isLeaving(pod) && (!replacesOnlyFailed() || !PodStates.isScheduled(pod)));
  }

  boolean isLeaving(Pod pod) {
    return PodStates.isTerminating(pod) && !JobPods.succeeded(pod);
  }

  Optional<Integer> validIndex(Pod pod) {
    OptionalInt index = JobPods.indexOf(pod);
    return index.isPresent() && index.getAsInt() >= 0 && index.getAsInt() < indexLimit()
        ? Optional.of(index.getAsInt())
        : Optional.empty();
  }

  boolean restartsInPlace() {
    return "OnFailure".equals(job.getSpec().getTemplate().getSpec().getRestartPolicy());
  }
}
