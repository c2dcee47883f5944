package dev.shiplog.streams.controllers.job;

import dev.shiplog.streams.controllers.job.FailurePolicy.Action;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.SuccessPolicyRule;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a Job comes to: decided once, and from then on only carried out.
 *
 * @param success else it fails
 * @param reason of its conditions
 * @param message of its conditions
 */
record JobOutcome(boolean success, String reason, String message) {

  static final String SUCCESS_TARGET = "SuccessCriteriaMet";
  static final String FAILURE_TARGET = "FailureTarget";
  static final String COMPLETE = "Complete";
  static final String FAILED = "Failed";

  private static JobOutcome failure(String reason, String message) {
    return new JobOutcome(false, reason, message);
  }

  /** As an earlier look has decided it. */
  static Optional<JobOutcome> decided(Job job) {
    return condition(job, FAILURE_TARGET)
        .map(c -> failure(c.getReason(), c.getMessage()))
        .or(() ->
            condition(job, SUCCESS_TARGET)
                .map(c -> new JobOutcome(true, c.getReason(), c.getMessage())));
  }

  static boolean isFinished(Job job) {
    return condition(job, COMPLETE).isPresent() || condition(job, FAILED).isPresent();
  }

  static Optional<JobCondition> condition(Job job, String type) {
    List<JobCondition> all = job.getStatus() == null ? List.of() : job.getStatus().getConditions();
    return all.stream()
        .filter(c -> c.getType().equals(type) && c.getStatus().equals("True"))
        .findFirst();
  }

  /** When it will have run too long; empty if it may run for ever. */
  static Optional<Instant> deadline(Job job) {
    Long seconds = job.getSpec().getActiveDeadlineSeconds();
    return seconds == null || job.getStatus() == null || job.getStatus().getStartTime() == null
        ? Optional.empty()
        : Optional.of(
            Instant.parse(job.getStatus().getStartTime()).plus(Duration.ofSeconds(seconds)));
  }

  /** Whether there is something to decide now. */
  static Optional<JobOutcome> of(
      JobShape shape, Collection<Pod> pods, Tally tally, IndexFailures failures, Instant now) {
    Job job = shape.job();
    return failedByPolicy(job, shape, pods)
        .or(() -> tooManyFailures(shape, pods, tally))
        .or(() -> tooLate(job, now))
        .or(() -> failedIndexes(shape, tally, failures))
        .or(() -> successPolicy(job, shape, tally))
        .or(() -> completed(shape, pods, tally));
  }

  private static Optional<JobOutcome> failedByPolicy(
      Job job, JobShape shape, Collection<Pod> pods) {
    return pods.stream()
        .filter(shape::countsAsFailed)
        .map(pod -> FailurePolicy.judge(job, pod))
        .filter(verdict -> verdict.action() == Action.FAIL_JOB)
        .map(verdict -> failure("PodFailurePolicy", verdict.message()))
        .findFirst();
  }

  private static Optional<JobOutcome> tooManyFailures(
      JobShape shape, Collection<Pod> pods, Tally tally) {
    boolean exceeded =
        tally.failed() > shape.backoffLimit()
            || (shape.restartsInPlace() && restarts(pods) >= Math.max(1, shape.backoffLimit()));
    return exceeded
        ? Optional.of(
            failure("BackoffLimitExceeded", "Job has reached the specified backoff limit"))
        : Optional.empty();
  }

  private static int restarts(Collection<Pod> pods) {
    return pods.stream()
        .filter(pod -> !JobPods.succeeded(pod) && !JobPods.failed(pod))
        .flatMap(JobPods::containerStatuses)
        .map(ContainerStatus::getRestartCount)
        .mapToInt(count -> count == null ? 0 : count)
        .sum();
  }

  private static Optional<JobOutcome> tooLate(Job job, Instant now) {
    return deadline(job)
        .filter(time -> !time.isAfter(now) && !Boolean.TRUE.equals(job.getSpec().getSuspend()))
        .map(time -> failure("DeadlineExceeded", "Job was active longer than specified deadline"));
  }

  private static Optional<JobOutcome> failedIndexes(
      JobShape shape, Tally tally, IndexFailures failures) {
    int failed = failures.failedIndexes().size();
    Integer most = shape.job().getSpec().getMaxFailedIndexes();
    if (most != null && failed > most) {
      return Optional.of(
          failure(
              "MaxFailedIndexesExceeded",
              "Job has exceeded the specified maximal number of failed indexes"));
    }
    boolean all = failed + tally.completedIndexes().size() >= shape.indexLimit();
    return failed > 0 && all
        ? Optional.of(failure("FailedIndexes", "Job has failed indexes"))
        : Optional.empty();
  }

  private static Optional<JobOutcome> successPolicy(Job job, JobShape shape, Tally tally) {
    if (job.getSpec().getSuccessPolicy() == null || !shape.isIndexed()) {
      return Optional.empty();
    }
    List<SuccessPolicyRule> rules = job.getSpec().getSuccessPolicy().getRules();
    for (int i = 0; i < rules.size(); i++) {
      if (isMet(rules.get(i), shape, tally.completedIndexes())) {
        return Optional.of(new JobOutcome(true, "SuccessPolicy", "Matched rules at index " + i));
      }
    }
    return Optional.empty();
  }

  private static boolean isMet(
      SuccessPolicyRule rule, JobShape shape, NavigableSet<Integer> completed) {
    Integer count = rule.getSucceededCount();
    if (rule.getSucceededIndexes() == null) {
      return count != null && completed.size() >= count;
    }
    NavigableSet<Integer> wanted = Indexes.parse(rule.getSucceededIndexes(), shape.indexLimit());
    NavigableSet<Integer> met = new TreeSet<>(completed);
    met.retainAll(wanted);
    return met.size() >= (count == null ? wanted.size() : count);
  }

  private static Optional<JobOutcome> completed(JobShape shape, Collection<Pod> pods, Tally tally) {
    boolean working = pods.stream().anyMatch(JobPods::isWorking);
    boolean complete =
        shape.completions().isPresent()
            ? tally.succeeded() >= shape.completions().getAsInt()
            : tally.succeeded() > 0 && !working;
    return complete
        ? Optional.of(
            new JobOutcome(true, "CompletionsReached", "Reached expected number of succeeded pods"))
        : Optional.empty();
  }
}
