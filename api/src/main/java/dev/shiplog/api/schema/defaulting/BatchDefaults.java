package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.child;
import static dev.shiplog.api.schema.Trees.empty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** Jobs and cron jobs. */
final class BatchDefaults {

  private static final int RETRIES = 6;

  private BatchDefaults() {}

  static void register(DefaultRules rules) {
    // By Job and not by JobSpec: the template in a CronJob stays as it was written.
    rules
        .type("batch.v1.Job")
        .rule(BatchDefaults::counts)
        .rule(BatchDefaults::behaviour)
        .rule(BatchDefaults::labels);
    rules.type("batch.v1.PodFailurePolicyOnPodConditionsPattern").valueOfEmpty("status", "True");
    rules
        .type("batch.v1.CronJobSpec")
        .value("concurrencyPolicy", "Allow")
        .value("suspend", false)
        .value("successfulJobsHistoryLimit", 3)
        .value("failedJobsHistoryLimit", 1);
  }

  private static void counts(ObjectNode job) {
    ObjectNode spec = child(job, "spec");
    if (absent(spec, "parallelism")) {
      Defaults.setIfAbsent(spec, "completions", IntNode.valueOf(1));
      spec.put("parallelism", 1);
    }
    boolean perIndex = !absent(spec, "backoffLimitPerIndex");
    Defaults.setIfAbsent(
        spec, "backoffLimit", IntNode.valueOf(perIndex ? Integer.MAX_VALUE : RETRIES));
  }

  private static void behaviour(ObjectNode job) {
    ObjectNode spec = child(job, "spec");
    boolean judged = !absent(spec, "podFailurePolicy");
    Defaults.setIfAbsent(spec, "completionMode", TextNode.valueOf("NonIndexed"));
    Defaults.setIfAbsent(spec, "suspend", BooleanNode.FALSE);
    Defaults.setIfAbsent(
        spec, "podReplacementPolicy", TextNode.valueOf(judged ? "Failed" : "TerminatingOrFailed"));
  }

  private static void labels(ObjectNode job) {
    JsonNode labels = at(job, "spec", "template", "metadata", "labels");
    if (empty(job, "metadata", "labels") && !labels.isEmpty()) {
      child(job, "metadata").set("labels", labels.deepCopy());
    }
  }
}
