package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.map;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.List;

/** Jobs and cron jobs. */
final class BatchRules {

  private static final FieldPath SPEC = FieldPath.of("spec");

  /** A job's name is the cron job's with a dash and ten digits. */
  private static final int CRON_NAME = 52;

  private static final int MOST_INDEXED_PARALLEL = 100_000;
  private static final int LONGEST_MANAGER = 63;

  private BatchRules() {}

  static void register(KindTable table) {
    table.kind(
        "batch.v1.Job",
        rules ->
            rules
                .always(BatchRules::job)
                .onCreate(BatchRules::selectorOfItsOwn)
                .onUpdate(BatchRules::jobStays));
    table.kind(
        "batch.v1.CronJob",
        rules -> rules.always(BatchRules::cronJob).onCreate(BatchRules::shortName));
  }

  private static void job(ObjectNode job, Causes causes) {
    if (!(job.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    jobSpec(spec, SPEC, causes);
    JsonNode selector = at(spec, "selector");
    if (!selector.isMissingNode()) {
      Selectors.validate(selector, SPEC.child("selector"), causes);
      if (!Selectors.matches(selector, map(spec, "template", "metadata", "labels"))) {
        causes.invalid(
            SPEC.child("template", "metadata", "labels"),
            at(spec, "template", "metadata", "labels"),
            "`selector` does not match template `labels`");
      }
    }
  }

  /** Two jobs must not count each other's pods, so the selector is made unless asked otherwise. */
  private static void selectorOfItsOwn(ObjectNode job, Causes causes) {
    if (at(job, "spec", "manualSelector").booleanValue()) {
      if (absent(job, "spec", "selector")) {
        causes.required(SPEC.child("selector"));
      }
      return;
    }
    JsonNode selector = at(job, "spec", "selector");
    boolean made = at(selector, "matchLabels").size() <= 1 && empty(selector, "matchExpressions");
    if (!made) {
      causes.invalid(SPEC.child("selector"), selector, "`selector` not auto-generated");
    }
  }

  private static void jobSpec(ObjectNode spec, FieldPath path, Causes causes) {
    new Checks(spec, path, causes)
        .nonNegative("parallelism")
        .nonNegative("completions")
        .positive("activeDeadlineSeconds")
        .nonNegative("backoffLimit")
        .nonNegative("backoffLimitPerIndex")
        .nonNegative("maxFailedIndexes")
        .nonNegative("ttlSecondsAfterFinished");
    FieldPath template = path.child("template");
    PodRules.template(at(spec, "template"), template, causes);
    String policy = PodRules.restartPolicy(at(spec, "template"));
    if (policy.equals("Always")) {
      causes.notAmong(
          template.child("spec", "restartPolicy"), policy, List.of("OnFailure", "Never"));
    }
    if (text(spec, "completionMode").equals("Indexed")) {
      indexed(spec, path, causes);
    } else if (!absent(spec, "backoffLimitPerIndex")) {
      causes.forbidden(path.child("backoffLimitPerIndex"), "requires indexed completion mode");
    }
    JobPolicyRules.validate(spec, path, causes);
    if (!absent(spec, "managedBy")) {
      String manager = text(spec, "managedBy");
      if (manager.indexOf('/') <= 0 || manager.endsWith("/")) {
        causes.invalid(
            path.child("managedBy"),
            manager,
            "must be a domain-prefixed path (such as \"acme.io/foo\")");
      } else if (manager.length() > LONGEST_MANAGER) {
        causes.tooLong(path.child("managedBy"), LONGEST_MANAGER);
      }
    }
    if (!absent(spec, "podFailurePolicy") && !policy.equals("Never")) {
      causes.invalid(
          template.child("spec", "restartPolicy"),
          policy,
          "only \"Never\" is supported when podFailurePolicy is specified");
    }
  }

  private static void indexed(ObjectNode spec, FieldPath path, Causes causes) {
    if (absent(spec, "completions")) {
      causes.required(path.child("completions"), "when completion mode is Indexed");
    }
    new Checks(spec, path, causes)
        .range(
            "parallelism",
            0,
            MOST_INDEXED_PARALLEL,
            "must be less than or equal to %d when completion mode is Indexed"
                .formatted(MOST_INDEXED_PARALLEL));
  }

  private static void jobStays(ObjectNode job, ObjectNode old, Causes causes) {
    if (!(job.get("spec") instanceof ObjectNode spec)
        || !(old.get("spec") instanceof ObjectNode before)) {
      return;
    }
    for (String field :
        List.of(
            "selector",
            "completionMode",
            "podFailurePolicy",
            "backoffLimitPerIndex",
            "managedBy",
            "successPolicy")) {
      Checks.immutable(spec, before, SPEC, field, causes);
    }
    if (!text(spec, "completionMode").equals("Indexed")) {
      Checks.immutable(spec, before, SPEC, "completions", causes);
    } else if (!at(spec, "completions").equals(at(before, "completions"))
        && !at(spec, "completions").equals(at(spec, "parallelism"))) {
      causes.invalid(
          SPEC.child("completions"),
          at(spec, "completions"),
          "can only be modified in tandem with spec.parallelism");
    }
    templateStays(spec, before, !absent(old, "status", "startTime"), causes);
  }

  /** Of a job that never started, one may still change where its pods go. */
  private static void templateStays(
      ObjectNode spec, ObjectNode before, boolean started, Causes causes) {
    ObjectNode template = spec.path("template").deepCopy();
    boolean waiting = at(before, "suspend").booleanValue() && !started;
    if (waiting && template.get("spec") instanceof ObjectNode pod) {
      for (String field : List.of("affinity", "nodeSelector", "tolerations", "schedulingGates")) {
        JsonNode then = at(before, "template", "spec", field);
        if (then.isMissingNode()) {
          pod.remove(field);
        } else {
          pod.set(field, then);
        }
      }
    }
    if (!template.equals(before.path("template"))) {
      causes.invalid(SPEC.child("template"), spec.path("template"), Checks.IMMUTABLE);
    }
  }

  private static void cronJob(ObjectNode cronJob, Causes causes) {
    if (!(cronJob.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    new Checks(spec, SPEC, causes)
        .required("concurrencyPolicy")
        .nonNegative("startingDeadlineSeconds")
        .nonNegative("successfulJobsHistoryLimit")
        .nonNegative("failedJobsHistoryLimit");
    schedule(spec, causes);
    timeZone(spec, causes);
    if (at(spec, "jobTemplate", "spec") instanceof ObjectNode job) {
      FieldPath path = SPEC.child("jobTemplate", "spec");
      jobSpec(job, path, causes);
      if (!absent(job, "selector")) {
        causes.invalid(
            path.child("selector"), at(job, "selector"), "`selector` will be auto-generated");
      }
      if (at(job, "manualSelector").booleanValue()) {
        causes.notSupported(path.child("manualSelector"), "true", List.of("nil", "false"));
      }
    }
  }

  private static void schedule(ObjectNode spec, Causes causes) {
    String schedule = text(spec, "schedule");
    FieldPath path = SPEC.child("schedule");
    if (schedule.isEmpty()) {
      causes.required(path);
      return;
    }
    if (schedule.contains("TZ")) {
      causes.invalid(
          path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
      return;
    }
    CronSchedules.problem(schedule).ifPresent(why -> causes.invalid(path, schedule, why));
  }

  private static void timeZone(ObjectNode spec, Causes causes) {
    if (absent(spec, "timeZone")) {
      return;
    }
    String zone = text(spec, "timeZone");
    FieldPath path = SPEC.child("timeZone");
    if (zone.isEmpty()) {
      causes.invalid(path, zone, "timeZone must be nil or non-empty string");
    } else if (zone.equalsIgnoreCase("Local")) {
      causes.invalid(
          path,
          zone,
          "timeZone must be an explicit time zone as defined in"
              + " https://www.iana.org/time-zones");
    } else {
      // A difference to UTC, such as GMT+5, is no time zone: others would read it differently.
      if (!ZoneId.getAvailableZoneIds().contains(zone)) {
        causes.invalid(path, zone, "unknown time zone " + zone);
      }
    }
  }

  private static void shortName(ObjectNode cronJob, Causes causes) {
    String name = text(cronJob, "metadata", "name");
    if (name.length() > CRON_NAME) {
      causes.invalid(
          FieldPath.of("metadata", "name"),
          name,
          "must be no more than " + CRON_NAME + " characters");
    }
  }
}
