package dev.shiplog.streams.controllers.job;

import dev.shiplog.streams.controllers.job.FailurePolicy.Action;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How many pods of a Job have ended, and how, each counted once whatever dies in between. A pod
 * that has ended is first noted by its uid in the status, with its finalizer still on; when that is
 * written, its finalizer goes; when that is gone, the uid becomes one more in the counter. A
 * succeeded index needs no uid: noting it twice changes nothing.
 */
final class Tally {

  /** So many ended pods are taken in at a time, so that a status stays small. */
  private static final int BATCH = 500;

  private final Job job;
  private final JobShape shape;
  private final Set<String> notedSucceeded;
  private final Set<String> notedFailed;
  private final NavigableSet<Integer> writtenIndexes;
  private final Set<String> succeededUids = new TreeSet<>();
  private final Set<String> failedUids = new TreeSet<>();
  private final NavigableSet<Integer> completedIndexes;

  /** Ended pods that only this look knows of. */
  private final Set<String> unwritten = new HashSet<>();

  private int succeeded;
  private int failed;

  Tally(Job job, JobShape shape, Collection<Pod> pods, boolean everythingEnds) {
    this.job = job;
    this.shape = shape;
    JobStatus status = job.getStatus() == null ? new JobStatus() : job.getStatus();
    var uncounted = status.getUncountedTerminatedPods();
    notedSucceeded = uncounted == null ? Set.of() : Set.copyOf(uncounted.getSucceeded());
    notedFailed = uncounted == null ? Set.of() : Set.copyOf(uncounted.getFailed());
    writtenIndexes = Indexes.parse(status.getCompletedIndexes(), shape.indexLimit());
    completedIndexes = new TreeSet<>(writtenIndexes);
    succeeded = status.getSucceeded() == null ? 0 : status.getSucceeded();
    failed = status.getFailed() == null ? 0 : status.getFailed();
    settleNoted(pods);
    note(pods, everythingEnds);
  }

  /** Those noted whose finalizer is off, or that are gone, count now. */
  private void settleNoted(Collection<Pod> pods) {
    Set<String> held =
        pods.stream()
            .filter(JobPods::isTracked)
            .map(pod -> pod.getMetadata().getUid())
            .collect(Collectors.toCollection(HashSet::new));
    for (String uid : notedSucceeded) {
      if (held.contains(uid)) {
        succeededUids.add(uid);
      } else {
        succeeded++;
      }
    }
    for (String uid : notedFailed) {
      if (held.contains(uid)) {
        failedUids.add(uid);
      } else {
        failed++;
      }
    }
  }

  private void note(Collection<Pod> pods, boolean everythingEnds) {
    for (Pod pod : pods) {
      String uid = pod.getMetadata().getUid();
      if (!JobPods.isTracked(pod) || notedSucceeded.contains(uid) || notedFailed.contains(uid)) {
        continue;
      }
      if (succeededUids.size() + failedUids.size() >= BATCH) {
        unwritten.add(uid);
      } else if (JobPods.succeeded(pod)) {
        noteSuccess(pod);
      } else if (shape.countsAsFailed(pod) || (everythingEnds && shape.isLeaving(pod))) {
        noteFailure(pod);
      }
    }
  }

  private void noteSuccess(Pod pod) {
    String uid = pod.getMetadata().getUid();
    if (!shape.isIndexed()) {
      succeededUids.add(uid);
      unwritten.add(uid);
      return;
    }
    shape
        .validIndex(pod)
        .filter(index -> !writtenIndexes.contains(index))
        .ifPresent(index -> {
          completedIndexes.add(index);
          unwritten.add(uid);
        });
  }

  private void noteFailure(Pod pod) {
    boolean counts = !shape.isIndexed() || shape.validIndex(pod).isPresent();
    if (counts && FailurePolicy.judge(job, pod).action() != Action.IGNORE) {
      failedUids.add(pod.getMetadata().getUid());
      unwritten.add(pod.getMetadata().getUid());
    }
  }

  /** What has been written suffices to know of this ended pod for ever. */
  boolean isOnRecord(Pod pod) {
    return !unwritten.contains(pod.getMetadata().getUid());
  }

  /** Those noted included. */
  int succeeded() {
    return shape.isIndexed() ? completedIndexes.size() : succeeded + succeededUids.size();
  }

  /** Those noted included. */
  int failed() {
    return failed + failedUids.size();
  }

  /** As the status says: those noted not included. */
  int countedSucceeded() {
    return shape.isIndexed() ? completedIndexes.size() : succeeded;
  }

  int countedFailed() {
    return failed;
  }

  List<String> uncountedSucceeded() {
    return List.copyOf(succeededUids);
  }

  List<String> uncountedFailed() {
    return List.copyOf(failedUids);
  }

  boolean isSettled() {
    return succeededUids.isEmpty() && failedUids.isEmpty();
  }

  NavigableSet<Integer> completedIndexes() {
    return completedIndexes;
  }
}
