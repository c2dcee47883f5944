package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** When a job counts as failed or as done before all its pods are. */
final class JobPolicyRules {

  private static final int MOST_RULES = 20;
  private static final int MOST_EXIT_CODES = 255;
  private static final Pattern INDEXES =
      Pattern.compile("[0-9]{1,7}(-[0-9]{1,7})?(,[0-9]{1,7}(-[0-9]{1,7})?)*");

  private JobPolicyRules() {}

  static void validate(ObjectNode spec, FieldPath path, Causes causes) {
    boolean indexed = text(spec, "completionMode").equals("Indexed");
    if (!absent(spec, "maxFailedIndexes")) {
      if (absent(spec, "backoffLimitPerIndex")) {
        causes.required(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
      }
      if (at(spec, "maxFailedIndexes").longValue() > at(spec, "completions").longValue()) {
        causes.invalid(
            path.child("maxFailedIndexes"),
            at(spec, "maxFailedIndexes"),
            "must be less than or equal to completions");
      }
    }
    failures(spec, path.child("podFailurePolicy", "rules"), causes);
    if (absent(spec, "successPolicy")) {
      return;
    }
    FieldPath success = path.child("successPolicy");
    if (!indexed) {
      causes.invalid(success, at(spec, "successPolicy"), "requires indexed completion mode");
      return;
    }
    if (empty(spec, "successPolicy", "rules")) {
      causes.required(
          success.child("rules"),
          "at least one rules must be specified when the successPolicy is specified");
    }
    int i = 0;
    for (ObjectNode rule : objects(spec, "successPolicy", "rules")) {
      success(rule, at(spec, "completions").longValue(), success.child("rules").index(i++), causes);
    }
  }

  private static void failures(ObjectNode spec, FieldPath path, Causes causes) {
    List<ObjectNode> rules = objects(spec, "podFailurePolicy", "rules");
    if (rules.size() > MOST_RULES) {
      causes.tooMany(path, rules.size(), MOST_RULES);
    }
    Set<String> containers = new HashSet<>();
    for (String list : List.of("containers", "initContainers")) {
      objects(spec, "template", "spec", list).forEach(c -> containers.add(text(c, "name")));
    }
    int i = 0;
    for (ObjectNode rule : rules) {
      FieldPath item = path.index(i++);
      boolean codes = !absent(rule, "onExitCodes");
      boolean conditions = !empty(rule, "onPodConditions");
      if (codes == conditions) {
        causes.invalid(
            item,
            rule,
            codes
                ? "specifying both OnExitCodes and OnPodConditions is not supported"
                : "specifying one of OnExitCodes and OnPodConditions is required");
      }
      if (text(rule, "action").equals("FailIndex") && absent(spec, "backoffLimitPerIndex")) {
        causes.invalid(
            item.child("action"),
            text(rule, "action"),
            "requires the backoffLimitPerIndex field to be specified");
      }
      if (rule.get("onExitCodes") instanceof ObjectNode exit) {
        exitCodes(exit, containers, item.child("onExitCodes"), causes);
      }
      int j = 0;
      for (ObjectNode condition : objects(rule, "onPodConditions")) {
        new Checks(condition, item.child("onPodConditions").index(j++), causes)
            .name("type", Names::qualified);
      }
    }
  }

  private static void exitCodes(
      ObjectNode exit, Set<String> containers, FieldPath path, Causes causes) {
    String container = text(exit, "containerName");
    if (!container.isEmpty() && !containers.contains(container)) {
      causes.invalid(
          path.child("containerName"),
          container,
          "must be one of the container or initContainer names in the pod template");
    }
    FieldPath values = path.child("values");
    JsonNode codes = at(exit, "values");
    if (codes.isEmpty()) {
      causes.invalid(values, codes, "at least one value is required");
    } else if (codes.size() > MOST_EXIT_CODES) {
      causes.tooMany(values, codes.size(), MOST_EXIT_CODES);
    }
    Set<Integer> seen = new HashSet<>();
    boolean ordered = true;
    int previous = Integer.MIN_VALUE;
    for (int i = 0; i < codes.size(); i++) {
      int code = codes.get(i).intValue();
      if (!seen.add(code)) {
        causes.duplicate(values.index(i), codes.get(i));
      } else if (code == 0 && text(exit, "operator").equals("In")) {
        causes.invalid(values.index(i), codes.get(i), "must not be 0 for the In operator");
      }
      ordered &= code >= previous;
      previous = code;
    }
    if (!ordered) {
      causes.invalid(values, codes, "must be ordered");
    }
  }

  private static void success(ObjectNode rule, long completions, FieldPath path, Causes causes) {
    boolean indexes = !absent(rule, "succeededIndexes");
    boolean count = !absent(rule, "succeededCount");
    if (!indexes && !count) {
      causes.required(path, "at least one of succeededCount or succeededIndexes must be specified");
    }
    String text = text(rule, "succeededIndexes");
    if (indexes && (!INDEXES.matcher(text).matches() || outside(text, completions))) {
      causes.invalid(
          path.child("succeededIndexes"),
          text,
          "must be indexes below completions, rising, as numbers or ranges with commas between");
    }
    if (count) {
      new Checks(rule, path, causes).positive("succeededCount");
      if (at(rule, "succeededCount").longValue() > completions) {
        causes.invalid(
            path.child("succeededCount"),
            at(rule, "succeededCount"),
            "must be less than or equal to %d (the number of specified completions)"
                .formatted(completions));
      }
    }
  }

  /** Whether an index is too large or not above the one before. */
  private static boolean outside(String indexes, long completions) {
    long previous = -1;
    for (String number : indexes.split("[,-]")) {
      long index = Long.parseLong(number);
      if (index <= previous || index >= completions) {
        return true;
      }
      previous = index;
    }
    return false;
  }
}
