package dev.shiplog.streams.controllers.job;

import io.fabric8.kubernetes.api.model.batch.v1.Job;

/** Whether and how a Job has ended. */
public final class JobEnds {

  private JobEnds() {}

  public static boolean isFinished(Job job) {
    return JobOutcome.isFinished(job);
  }

  public static boolean isComplete(Job job) {
    return has(job, JobOutcome.COMPLETE);
  }

  /** Whether a condition of this type is True. */
  public static boolean has(Job job, String condition) {
    return JobOutcome.condition(job, condition).isPresent();
  }
}
