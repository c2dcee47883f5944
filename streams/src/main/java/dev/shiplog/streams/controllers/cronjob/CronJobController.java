package dev.shiplog.streams.controllers.cronjob;

import static dev.shiplog.streams.kit.ResourceTypes.CRON_JOBS;
import static dev.shiplog.streams.kit.ResourceTypes.JOBS;

import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Makes a Job each time a schedule says so. */
public final class CronJobController implements Controller {

  @Override
  public String name() {
    return "cronjob-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(Source.primary(CRON_JOBS), Source.controlled(JOBS, CRON_JOBS));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(CRON_JOBS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(CRON_JOBS)
        .get(key)
        .filter(cronJob -> cronJob.getMetadata().getDeletionTimestamp() == null)
        .map(cronJob -> new CronJobStep(cronJob, views, now).reconcile())
        .orElse(Reconciliation.nothing());
  }
}
