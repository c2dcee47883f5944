package dev.shiplog.streams.controllers.job;

import static dev.shiplog.streams.kit.ResourceTypes.JOBS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Deletes Jobs some time after they have finished, if they say when. */
public final class TtlAfterFinished implements Controller {

  @Override
  public String name() {
    return "ttl-after-finished-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(Source.primary(JOBS));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(JOBS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(JOBS)
        .get(key)
        .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
        .flatMap(job -> end(job).map(end -> reconcile(job, end, now)))
        .orElse(Reconciliation.nothing());
  }

  /** Exactly the Job that was seen: its time may have been changed meanwhile. */
  private static Reconciliation reconcile(Job job, Instant end, Instant now) {
    return end.isAfter(now)
        ? Reconciliation.after(Duration.between(now, end))
        : Reconciliation.of(Commands.delete(JOBS, job, Commands.asSeen(job), "Foreground"));
  }

  private static Optional<Instant> end(Job job) {
    Integer seconds = job.getSpec().getTtlSecondsAfterFinished();
    return Optional.ofNullable(seconds)
        .flatMap(ttl ->
            JobOutcome.condition(job, JobOutcome.COMPLETE)
                .or(() -> JobOutcome.condition(job, JobOutcome.FAILED))
                .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                .map(time -> time.plusSeconds(ttl)));
  }
}
