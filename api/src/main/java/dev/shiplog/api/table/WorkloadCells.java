package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.decoding.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Kinds that keep or bring pods to run. */
final class WorkloadCells {

  private static final String[] TEMPLATE = {"spec", "template", "spec"};
  private static final String[] JOB_TEMPLATE = {"spec", "jobTemplate", "spec", "template", "spec"};

  /** In the order in which they are looked for; the first that is True names the status. */
  private static final List<String> JOB_ENDS = List.of("Complete", "Failed");

  private static final List<String> JOB_STATES =
      List.of("Suspended", "FailureTarget", "SuccessCriteriaMet");

  private WorkloadCells() {}

  static void register(RowTable rows) {
    rows.of("deployments", "apps", deployment());
    rows.of("replicasets", "apps", replicas(Cells.selector("spec", "selector")));
    rows.core("replicationcontrollers", replicas(Cells.labels("spec", "selector")));
    rows.of("daemonsets", "apps", daemonSet());
    rows.of(
        "statefulsets",
        "apps",
        List.of(
            Cells.name(),
            Cells.computed(WorkloadCells::ready),
            Cells.age(),
            Cells.containers(TEMPLATE),
            Cells.images(TEMPLATE)));
    rows.of(
        "controllerrevisions",
        "apps",
        List.of(
            Cells.name(),
            Cells.computed(WorkloadCells::controller),
            Cells.number("revision"),
            Cells.age()));
    rows.of("jobs", "batch", job());
    rows.of("cronjobs", "batch", cronJob());
  }

  private static List<Cell> deployment() {
    return List.of(
        Cells.name(),
        Cells.computed(WorkloadCells::ready),
        Cells.number("status", "updatedReplicas"),
        Cells.number("status", "availableReplicas"),
        Cells.age(),
        Cells.containers(TEMPLATE),
        Cells.images(TEMPLATE),
        Cells.selector("spec", "selector"));
  }

  private static List<Cell> replicas(Cell selector) {
    return List.of(
        Cells.name(),
        Cells.number("spec", "replicas"),
        Cells.number("status", "replicas"),
        Cells.number("status", "readyReplicas"),
        Cells.age(),
        Cells.containers(TEMPLATE),
        Cells.images(TEMPLATE),
        selector);
  }

  private static List<Cell> daemonSet() {
    return List.of(
        Cells.name(),
        Cells.number("status", "desiredNumberScheduled"),
        Cells.number("status", "currentNumberScheduled"),
        Cells.number("status", "numberReady"),
        Cells.number("status", "updatedNumberScheduled"),
        Cells.number("status", "numberAvailable"),
        Cells.labels("spec", "template", "spec", "nodeSelector"),
        Cells.age(),
        Cells.containers(TEMPLATE),
        Cells.images(TEMPLATE),
        Cells.selector("spec", "selector"));
  }

  private static List<Cell> job() {
    return List.of(
        Cells.name(),
        Cells.computed(WorkloadCells::jobStatus),
        Cells.computed(WorkloadCells::completions).about("spec", "completions"),
        WorkloadCells::duration,
        Cells.age(),
        Cells.containers(TEMPLATE),
        Cells.images(TEMPLATE),
        Cells.selector("spec", "selector"));
  }

  private static List<Cell> cronJob() {
    return List.of(
        Cells.name(),
        Cells.field("spec", "schedule"),
        Cells.fieldOr(Cells.NONE, "spec", "timeZone"),
        Cells.computed(o -> flag(o, "spec", "suspend")).about("spec", "suspend"),
        Cells.size("status", "active"),
        WorkloadCells::lastSchedule,
        Cells.age(),
        Cells.containers(JOB_TEMPLATE),
        Cells.images(JOB_TEMPLATE),
        // Its jobs select their pods by a label of their own.
        Cells.selector("spec", "jobTemplate", "spec", "selector"));
  }

  private static String ready(ObjectNode object) {
    return at(object, "status", "readyReplicas").longValue()
        + "/"
        + at(object, "spec", "replicas").longValue();
  }

  private static String controller(ObjectNode revision) {
    for (ObjectNode owner : objects(revision, "metadata", "ownerReferences")) {
      if (at(owner, "controller").booleanValue()) {
        String group = GroupVersion.parse(text(owner, "apiVersion")).group();
        String kind = text(owner, "kind").toLowerCase(Locale.ROOT);
        return (group.isEmpty() ? kind : kind + "." + group) + "/" + text(owner, "name");
      }
    }
    return Cells.NONE;
  }

  private static String jobStatus(ObjectNode job) {
    for (String end : JOB_ENDS) {
      if (Cells.condition(job, end).equals("True")) {
        return end;
      }
    }
    if (!absent(job, "metadata", "deletionTimestamp")) {
      return "Terminating";
    }
    return JOB_STATES.stream()
        .filter(state -> Cells.condition(job, state).equals("True"))
        .findFirst()
        .orElse("Running");
  }

  private static String completions(ObjectNode job) {
    long succeeded = at(job, "status", "succeeded").longValue();
    if (!absent(job, "spec", "completions")) {
      return succeeded + "/" + at(job, "spec", "completions").longValue();
    }
    long parallelism = at(job, "spec", "parallelism").longValue();
    return succeeded + "/1" + (parallelism > 1 ? " of " + parallelism : "");
  }

  private static TextNode duration(ObjectNode job, Instant now) {
    String started = text(job, "status", "startTime");
    String completed = text(job, "status", "completionTime");
    if (started.isEmpty()) {
      return TextNode.valueOf("");
    }
    Instant end = completed.isEmpty() ? now : Times.parse(completed);
    return TextNode.valueOf(HumanDuration.of(Duration.between(Times.parse(started), end)));
  }

  private static TextNode lastSchedule(ObjectNode cronJob, Instant now) {
    String last = text(cronJob, "status", "lastScheduleTime");
    return TextNode.valueOf(last.isEmpty() ? Cells.NONE : Cells.since(last, now));
  }

  /** A flag in words, of which it is said when it is not set. */
  static String flag(ObjectNode object, String... path) {
    return absent(object, path) ? Cells.UNSET : at(object, path).booleanValue() ? "True" : "False";
  }
}
