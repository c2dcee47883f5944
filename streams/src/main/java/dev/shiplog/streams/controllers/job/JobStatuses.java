package dev.shiplog.streams.controllers.job;

import static dev.shiplog.streams.kit.ResourceTypes.JOBS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Reconciliation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a Job says about itself. */
final class JobStatuses {

  private final Job job;
  private final JobShape shape;
  private final Collection<Pod> pods;
  private final Tally tally;
  private final IndexFailures failures;
  private final String time;
  private final JobStatus before;
  private final List<JobCondition> conditions;

  JobStatuses(
      Job job,
      JobShape shape,
      Collection<Pod> pods,
      Tally tally,
      IndexFailures failures,
      Instant now) {
    this.job = job;
    this.shape = shape;
    this.pods = pods;
    this.tally = tally;
    this.failures = failures;
    this.time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    this.before = job.getStatus() == null ? new JobStatus() : job.getStatus();
    this.conditions = new ArrayList<>(before.getConditions());
  }

  /**
   * Says so, and what has become of it.
   *
   * @param decidedBefore the outcome, where it is on record already
   */
  void report(
      Optional<JobOutcome> decidedBefore,
      Optional<JobOutcome> outcome,
      Reconciliation.Builder result) {
    JobStatusBuilder status = counts();
    if (outcome.isEmpty()) {
      noteSuspension(status, result);
    } else if (decidedBefore.isEmpty()) {
      add(
          outcome.get().success() ? JobOutcome.SUCCESS_TARGET : JobOutcome.FAILURE_TARGET,
          outcome.get());
    } else if (isOver()) {
      finish(outcome.get(), status, result);
    }
    Job reported =
        new JobBuilder(job).withStatus(status.withConditions(conditions).build()).build();
    Commands.changeStatusAsSeen(JOBS, job, reported).ifPresent(result::command);
  }

  private JobStatusBuilder counts() {
    int working = (int) pods.stream().filter(JobPods::isWorking).count();
    int ready = (int) pods.stream().filter(JobPods::isWorking).filter(PodStates::isReady).count();
    int leaving =
        (int)
            pods.stream()
                .filter(pod -> PodStates.isTerminating(pod) && !PodStates.isFinished(pod))
                .count();
    return new JobStatusBuilder(before)
        .withStartTime(
            before.getStartTime() == null && !shape.isSuspended() ? time : before.getStartTime())
        .withActive(unlessZero(working))
        .withReady(ready)
        .withTerminating(leaving)
        .withSucceeded(unlessZero(tally.countedSucceeded()))
        .withFailed(unlessZero(tally.countedFailed()))
        .withCompletedIndexes(
            shape.isIndexed() ? unlessEmpty(Indexes.format(tally.completedIndexes())) : null)
        .withFailedIndexes(
            shape.perIndexLimit().isPresent() ? Indexes.format(failures.failedIndexes()) : null)
        .withNewUncountedTerminatedPods()
        .withSucceeded(tally.uncountedSucceeded())
        .withFailed(tally.uncountedFailed())
        .endUncountedTerminatedPods();
  }

  private static Integer unlessZero(int number) {
    return number == 0 ? null : number;
  }

  private static String unlessEmpty(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Nobody works on it any more, and every pod that did has been counted. */
  private boolean isOver() {
    return tally.isSettled()
        && pods.stream().noneMatch(JobPods::isTracked)
        && pods.stream().allMatch(PodStates::isFinished);
  }

  private void finish(JobOutcome outcome, JobStatusBuilder status, Reconciliation.Builder result) {
    if (outcome.success()) {
      add(JobOutcome.COMPLETE, outcome);
      status.withCompletionTime(time);
      result.event(EventRequest.normal(JOBS, job, "Completed", "Job completed"));
    } else {
      add(JobOutcome.FAILED, outcome);
      result.event(EventRequest.warning(JOBS, job, outcome.reason(), outcome.message()));
    }
  }

  private void add(String type, JobOutcome outcome) {
    conditions.add(condition(type, "True", outcome.reason(), outcome.message()));
  }

  private JobCondition condition(String type, String status, String reason, String message) {
    return new JobConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .withLastProbeTime(time)
        .withLastTransitionTime(time)
        .build();
  }

  private void noteSuspension(JobStatusBuilder status, Reconciliation.Builder result) {
    boolean noted = JobOutcome.condition(job, "Suspended").isPresent();
    if (shape.isSuspended() == noted) {
      return;
    }
    conditions.removeIf(condition -> condition.getType().equals("Suspended"));
    if (shape.isSuspended()) {
      conditions.add(condition("Suspended", "True", "JobSuspended", "Job suspended"));
      result.event(EventRequest.normal(JOBS, job, "Suspended", "Job suspended"));
    } else {
      conditions.add(condition("Suspended", "False", "JobResumed", "Job resumed"));
      status.withStartTime(time);
      result.event(EventRequest.normal(JOBS, job, "Resumed", "Job resumed"));
    }
  }
}
