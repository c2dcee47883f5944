package dev.shiplog.streams.controllers.job;

import static dev.shiplog.streams.kit.ResourceTypes.JOBS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.controllers.pod.FreeNames;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One look at one Job that has not finished. */
final class JobStep {

  /** So many pods at most are created or deleted at a time. */
  private static final int BURST = 500;

  private static final Duration FIRST_DELAY = Duration.ofSeconds(10);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(6);

  private static final Comparator<Pod> LEAST_USEFUL_FIRST =
      Comparator.<Pod>comparingInt(pod -> PodStates.isScheduled(pod) ? 1 : 0)
          .thenComparingInt(pod -> PodStates.isReady(pod) ? 1 : 0)
          .thenComparing(pod -> JobPods.indexOf(pod).orElse(0), Comparator.reverseOrder())
          .thenComparing(pod -> pod.getMetadata().getName());

  private final Job job;
  private final JobShape shape;
  private final List<Pod> pods;
  private final List<Pod> working;
  private final Tally tally;
  private final IndexFailures failures;
  private final Instant now;
  private final FreeNames names;
  private final Optional<JobOutcome> decidedBefore;
  private final Optional<JobOutcome> outcome;
  private final Reconciliation.Builder result = Reconciliation.builder();

  JobStep(Job job, Claims<Pod> claims, Views views, Instant now) {
    this.job = job;
    this.shape = new JobShape(job);
    this.pods = claims.owned();
    this.working = pods.stream().filter(JobPods::isWorking).toList();
    this.decidedBefore = JobOutcome.decided(job);
    this.tally = new Tally(job, shape, pods, decidedBefore.isPresent());
    this.failures = new IndexFailures(shape, pods);
    this.now = now;
    this.names = new FreeNames(views.of(PODS), job);
    this.outcome = decidedBefore.or(() -> JobOutcome.of(shape, pods, tally, failures, now));
    claims.commands().forEach(result::command);
  }

  Reconciliation reconcile(List<RefusedCommand> refused) {
    refused.forEach(this::tellRefusal);
    if (outcome.isPresent()) {
      working.forEach(this::end);
    } else if (shape.isSuspended()) {
      working.forEach(this::withdraw);
    } else {
      manage();
    }
    releaseEnded();
    new JobStatuses(job, shape, pods, tally, failures, now).report(decidedBefore, outcome, result);
    JobOutcome.deadline(job)
        .filter(time -> time.isAfter(now))
        .ifPresent(time -> result.requeueAfter(Duration.between(now, time)));
    return result.build();
  }

  /** Takes the finalizer off those whose end is on record. */
  private void releaseEnded() {
    pods.stream()
        .filter(JobPods::isTracked)
        .filter(pod ->
            JobPods.succeeded(pod)
                || shape.countsAsFailed(pod)
                || (decidedBefore.isPresent() && shape.isLeaving(pod)))
        .filter(tally::isOnRecord)
        .filter(pod -> decidedBefore.isPresent() || !failures.mustStay(pod))
        .limit(BURST)
        .forEach(pod -> result.command(JobPods.release(pod)));
  }

  /** The Job is over; what this pod would have done counts as failed. */
  private void end(Pod pod) {
    result.command(
        Commands.delete(PODS, pod),
        event("SuccessfulDelete", "Deleted pod: " + pod.getMetadata().getName()));
  }

  /** The pod is not wanted now, through no fault of its own: it counts for nothing. */
  private void withdraw(Pod pod) {
    if (JobPods.isTracked(pod)) {
      result.command(JobPods.release(pod));
    }
    end(pod);
  }

  private void manage() {
    Collection<Pod> surplus = shape.isIndexed() ? misplaced() : Set.of();
    surplus.forEach(this::withdraw);
    int useful = working.size() - surplus.size();
    int wanted = wantedNow(useful);
    if (useful > wanted) {
      working.stream()
          .filter(pod -> !surplus.contains(pod))
          .sorted(LEAST_USEFUL_FIRST)
          .limit(Math.min(useful - wanted, BURST))
          .forEach(this::withdraw);
      return;
    }
    int leaving = shape.replacesOnlyFailed() ? leavingCount() : 0;
    int missing = Math.min(wanted - useful - leaving, BURST);
    if (missing > 0) {
      create(missing);
    }
  }

  private int leavingCount() {
    return (int) pods.stream().filter(this::isLeavingUncounted).count();
  }

  private boolean isLeavingUncounted(Pod pod) {
    return shape.isLeaving(pod) && !shape.countsAsFailed(pod);
  }

  private int wantedNow(int useful) {
    if (shape.completions().isEmpty()) {
      return tally.succeeded() > 0 ? useful : shape.parallelism();
    }
    int left = shape.completions().getAsInt() - tally.succeeded() - failures.failedIndexes().size();
    return Math.min(shape.parallelism(), Math.max(0, left));
  }

  /** Working on an index that is done or given up, that another works on, or that is none. */
  private Set<Pod> misplaced() {
    Set<Pod> misplaced = new LinkedHashSet<>();
    Set<Integer> taken = new TreeSet<>();
    working.stream()
        .sorted(LEAST_USEFUL_FIRST.reversed())
        .forEach(pod -> {
          Optional<Integer> index = shape.validIndex(pod).filter(this::isOpen);
          if (index.isEmpty() || !taken.add(index.get())) {
            misplaced.add(pod);
          }
        });
    return misplaced;
  }

  private boolean isOpen(int index) {
    return !tally.completedIndexes().contains(index) && !failures.failedIndexes().contains(index);
  }

  private void create(int count) {
    if (shape.isIndexed()) {
      createIndexed(count);
      return;
    }
    Duration delay = delayAfter(consecutiveFailures());
    if (delay.isPositive()) {
      result.requeueAfter(delay);
      return;
    }
    for (int i = 0; i < count; i++) {
      send(JobPods.pod(job, names));
    }
  }

  private void createIndexed(int count) {
    Duration ofJob =
        shape.perIndexLimit().isPresent() ? Duration.ZERO : delayAfter(consecutiveFailures());
    if (ofJob.isPositive()) {
      result.requeueAfter(ofJob);
      return;
    }
    Set<Integer> taken = new TreeSet<>();
    pods.stream()
        .filter(pod ->
            JobPods.isWorking(pod) || (shape.replacesOnlyFailed() && isLeavingUncounted(pod)))
        .forEach(pod -> shape.validIndex(pod).ifPresent(taken::add));
    int left = count;
    for (int index = 0; index < shape.indexLimit() && left > 0; index++) {
      if (isOpen(index) && !taken.contains(index) && isDue(index)) {
        send(JobPods.indexed(job, index, failures.before(index), names));
        left--;
      }
    }
  }

  private boolean isDue(int index) {
    if (shape.perIndexLimit().isEmpty() || failures.lastFailed(index).isEmpty()) {
      return true;
    }
    Instant last = JobPods.finishedAt(failures.lastFailed(index).get());
    Duration left = delay(failures.before(index).all(), last);
    if (left.isPositive()) {
      result.requeueAfter(left);
    }
    return !left.isPositive();
  }

  /** Failed pods since the last success, the latest first. */
  private List<Pod> consecutiveFailures() {
    Instant lastSuccess =
        pods.stream()
            .filter(JobPods::succeeded)
            .map(JobPods::finishedAt)
            .max(Instant::compareTo)
            .orElse(Instant.MIN);
    return pods.stream()
        .filter(JobPods::failed)
        .filter(pod -> JobPods.finishedAt(pod).isAfter(lastSuccess))
        .sorted(Comparator.comparing(JobPods::finishedAt).reversed())
        .toList();
  }

  private Duration delayAfter(List<Pod> failed) {
    return failed.isEmpty()
        ? Duration.ZERO
        : delay(failed.size(), JobPods.finishedAt(failed.getFirst()));
  }

  /** How much is left of the pause after so many failures, the last of them at a time. */
  private Duration delay(int failed, Instant last) {
    if (failed == 0) {
      return Duration.ZERO;
    }
    Duration pause = FIRST_DELAY.multipliedBy(1L << Math.min(failed - 1, 10));
    Duration most = pause.compareTo(LONGEST_DELAY) < 0 ? pause : LONGEST_DELAY;
    return Duration.between(now, last.plus(most));
  }

  private void send(Pod pod) {
    result.command(
        Commands.create(PODS, pod),
        event("SuccessfulCreate", "Created pod: " + pod.getMetadata().getName()));
  }

  private EventRequest event(String reason, String message) {
    return EventRequest.normal(JOBS, job, reason, message);
  }

  private void tellRefusal(RefusedCommand refused) {
    if (refused.command().type().equals(PODS)) {
      boolean create = refused.command().verb() == Verb.CREATE;
      result.event(
          EventRequest.warning(
              JOBS,
              job,
              create ? "FailedCreate" : "FailedDelete",
              (create ? "Error creating: " : "Error deleting: ") + refused.message()));
    }
  }
}
