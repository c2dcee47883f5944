package dev.shiplog.streams.controllers.cronjob;

import static dev.shiplog.streams.kit.ResourceTypes.CRON_JOBS;
import static dev.shiplog.streams.kit.ResourceTypes.JOBS;
import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import dev.shiplog.streams.controllers.job.JobEnds;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** One look at one CronJob. */
final class CronJobStep {

  private static final String SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp";

  /** More missed times than this are worth a warning. */
  private static final int MISSED_MAX = 100;

  private final CronJob cronJob;
  private final Instant now;
  private final List<Job> jobs;
  private final Views views;
  private final List<ObjectReference> active = new ArrayList<>();
  private String lastScheduled;
  private String lastSuccessful;
  private final Reconciliation.Builder result = Reconciliation.builder();

  CronJobStep(CronJob cronJob, Views views, Instant now) {
    this.cronJob = cronJob;
    this.now = now;
    this.views = views;
    this.jobs = List.copyOf(views.of(JOBS).controlledBy(cronJob.getMetadata().getUid()));
    CronJobStatus status = cronJob.getStatus() == null ? new CronJobStatus() : cronJob.getStatus();
    this.lastScheduled = status.getLastScheduleTime();
    this.lastSuccessful = status.getLastSuccessfulTime();
  }

  Reconciliation reconcile() {
    noteEnds();
    runs().forEach(job -> active.add(reference(job)));
    jobs.stream()
        .filter(job -> !JobEnds.isFinished(job) && !isRun(job))
        .forEach(this::tellOfUnexpected);
    dropOld("Complete", cronJob.getSpec().getSuccessfulJobsHistoryLimit(), 3);
    dropOld("Failed", cronJob.getSpec().getFailedJobsHistoryLimit(), 1);
    if (!Boolean.TRUE.equals(cronJob.getSpec().getSuspend())) {
      schedule().ifPresent(this::runDue);
    }
    report();
    return result.build();
  }

  private void noteEnds() {
    List<ObjectReference> before =
        cronJob.getStatus() == null ? List.of() : cronJob.getStatus().getActive();
    for (ObjectReference reference : before) {
      Optional<Job> job = views.of(JOBS).byUid(reference.getUid());
      if (job.isEmpty()) {
        tell("MissingJob", "Active job went missing: " + reference.getName());
      } else if (JobEnds.isFinished(job.get())) {
        tell(
            "SawCompletedJob",
            String.format(
                "Saw completed job: %s, condition: %s",
                reference.getName(), JobEnds.isComplete(job.get()) ? "Complete" : "Failed"));
      }
    }
    jobs.stream()
        .filter(JobEnds::isComplete)
        .map(job -> job.getStatus().getCompletionTime())
        .filter(Objects::nonNull)
        .filter(time -> lastSuccessful == null || isAfter(time, lastSuccessful))
        .max(Comparator.comparing(Instant::parse))
        .ifPresent(time -> lastSuccessful = time);
  }

  /** What goes on by the schedule. */
  private List<Job> runs() {
    return jobs.stream().filter(job -> !JobEnds.isFinished(job) && isRun(job)).toList();
  }

  /** Jobs that people make from the template hold no run up, and no run replaces them. */
  private static boolean isRun(Job job) {
    return orEmpty(job.getMetadata().getAnnotations()).containsKey(SCHEDULED_AT);
  }

  private void tellOfUnexpected(Job job) {
    warn(
        "UnexpectedJob",
        "Saw a job that the controller did not create or forgot: " + job.getMetadata().getName());
  }

  private static boolean isAfter(String one, String other) {
    return Instant.parse(one).isAfter(Instant.parse(other));
  }

  private static ObjectReference reference(Job job) {
    return new ObjectReferenceBuilder()
        .withApiVersion(JOBS.apiVersion())
        .withKind(JOBS.kind())
        .withNamespace(job.getMetadata().getNamespace())
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .withResourceVersion(null)
        .build();
  }

  private void dropOld(String condition, Integer limit, int byDefault) {
    List<Job> ended =
        jobs.stream()
            .filter(job -> JobEnds.has(job, condition))
            .sorted(Comparator.comparing(CronJobStep::startOf))
            .toList();
    ended.stream()
        .limit(Math.max(0, ended.size() - (limit == null ? byDefault : limit)))
        .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
        .forEach(this::delete);
  }

  private static Instant startOf(Job job) {
    String start = job.getStatus() == null ? null : job.getStatus().getStartTime();
    return Instant.parse(start == null ? job.getMetadata().getCreationTimestamp() : start);
  }

  private void delete(Job job) {
    result.command(
        Commands.delete(JOBS, job),
        event("SuccessfulDelete", "Deleted job " + job.getMetadata().getName()));
  }

  private Optional<CronSchedule> schedule() {
    try {
      return Optional.of(CronSchedule.parse(cronJob.getSpec().getSchedule(), zone()));
    } catch (DateTimeException e) {
      warn("UnknownTimeZone", "invalid timeZone: \"" + cronJob.getSpec().getTimeZone() + "\"");
    } catch (IllegalArgumentException e) {
      warn("UnparseableSchedule", "unparseable schedule: " + e.getMessage());
    }
    return Optional.empty();
  }

  /** Without one it is that of whoever runs controllers; here that is always UTC. */
  private ZoneId zone() {
    String zone = cronJob.getSpec().getTimeZone();
    return zone == null || zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone);
  }

  private void runDue(CronSchedule schedule) {
    schedule.after(now).ifPresent(next -> result.requeueAfter(Duration.between(now, next)));
    lastDue(schedule).filter(this::isInTime).filter(this::mayRun).ifPresent(this::run);
  }

  /** The latest time that has come since the last run; times before are missed for good. */
  private Optional<Instant> lastDue(CronSchedule schedule) {
    Instant since =
        Instant.parse(
            lastScheduled == null ? cronJob.getMetadata().getCreationTimestamp() : lastScheduled);
    Instant earliest = startingDeadline().map(now::minus).orElse(Instant.MIN);
    Instant from = since.isBefore(earliest) ? earliest : since;
    Instant due = null;
    int missed = 0;
    for (Optional<Instant> next = schedule.after(from);
        next.isPresent() && !next.get().isAfter(now);
        next = schedule.after(next.get())) {
      due = next.get();
      if (++missed > MISSED_MAX) {
        warn(
            "TooManyMissedTimes",
            "too many missed start times: more than "
                + MISSED_MAX
                + ". Set or decrease .spec.startingDeadlineSeconds or check clock skew");
        return latest(schedule, due);
      }
    }
    return Optional.ofNullable(due);
  }

  /** Comes closer in halves: going through a year of minutes would take too long. */
  private Optional<Instant> latest(CronSchedule schedule, Instant known) {
    Instant low = known;
    Instant high = now;
    while (Duration.between(low, high).compareTo(Duration.ofMinutes(1)) > 0) {
      Instant middle = low.plus(Duration.between(low, high).dividedBy(2));
      Optional<Instant> next = schedule.after(middle);
      if (next.isPresent() && !next.get().isAfter(now)) {
        low = next.get();
      } else {
        high = middle;
      }
    }
    return Optional.of(low);
  }

  private Optional<Duration> startingDeadline() {
    return Optional.ofNullable(cronJob.getSpec().getStartingDeadlineSeconds())
        .map(Duration::ofSeconds);
  }

  private boolean isInTime(Instant due) {
    boolean tooLate =
        startingDeadline().filter(deadline -> due.plus(deadline).isBefore(now)).isPresent();
    if (tooLate) {
      warn("MissSchedule", "Missed scheduled time to start a job: " + due);
    }
    return !tooLate;
  }

  private boolean mayRun(Instant due) {
    String key = ObjectKeys.key(cronJob.getMetadata().getNamespace(), nameAt(due));
    if (views.of(JOBS).get(key).isPresent() || views.of(JOBS).recentlyDeleted(key)) {
      lastScheduled = due.truncatedTo(ChronoUnit.SECONDS).toString(); // made, so it can be noted
      return false;
    }
    if ("Forbid".equals(cronJob.getSpec().getConcurrencyPolicy()) && !active.isEmpty()) {
      tell(
          "JobAlreadyActive",
          "Not starting job because prior execution is running and concurrency policy is Forbid");
      return false;
    }
    return true;
  }

  /** The same for the same time, so that it runs once. */
  private String nameAt(Instant due) {
    return cronJob.getMetadata().getName() + "-" + due.getEpochSecond() / 60;
  }

  private void run(Instant due) {
    if ("Replace".equals(cronJob.getSpec().getConcurrencyPolicy())) {
      runs().stream()
          .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
          .forEach(this::delete);
      active.clear();
    }
    Job job = jobAt(due);
    result.command(
        Commands.create(JOBS, job),
        event("SuccessfulCreate", "Created job " + job.getMetadata().getName()));
  }

  private Job jobAt(Instant due) {
    var template = cronJob.getSpec().getJobTemplate();
    Map<String, String> annotations = new TreeMap<>();
    Map<String, String> labels = new TreeMap<>();
    if (template.getMetadata() != null) {
      annotations.putAll(orEmpty(template.getMetadata().getAnnotations()));
      labels.putAll(orEmpty(template.getMetadata().getLabels()));
    }
    annotations.put(SCHEDULED_AT, ISO_OFFSET_DATE_TIME.format(due.atZone(zone())));
    return new JobBuilder()
        .withNewMetadata()
        .withName(nameAt(due))
        .withNamespace(cronJob.getMetadata().getNamespace())
        .withLabels(labels)
        .withAnnotations(annotations)
        .withOwnerReferences(Owners.controllerReference(CRON_JOBS, cronJob))
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private void report() {
    CronJob reported =
        new CronJobBuilder(cronJob)
            .withNewStatus()
            .withActive(active)
            .withLastScheduleTime(lastScheduled)
            .withLastSuccessfulTime(lastSuccessful)
            .endStatus()
            .build();
    Commands.changeStatus(CRON_JOBS, cronJob, reported).ifPresent(result::command);
  }

  private EventRequest event(String reason, String message) {
    return EventRequest.normal(CRON_JOBS, cronJob, reason, message);
  }

  private void tell(String reason, String message) {
    result.event(event(reason, message));
  }

  private void warn(String reason, String message) {
    result.event(EventRequest.warning(CRON_JOBS, cronJob, reason, message));
  }
}
