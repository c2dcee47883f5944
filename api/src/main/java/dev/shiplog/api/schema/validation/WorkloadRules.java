package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.map;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Kinds that keep pods running: Deployment, ReplicaSet, StatefulSet, DaemonSet and the old one. */
final class WorkloadRules {

  private static final FieldPath SPEC = FieldPath.of("spec");

  /** What may change of a StatefulSet; everything else is in the identity of its pods. */
  private static final Set<String> STATEFUL_CHANGES =
      Set.of(
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds");

  private static final List<String> RETENTIONS = List.of("Delete", "Retain");

  private WorkloadRules() {}

  static void register(KindTable table) {
    table.kind(
        "apps.v1.Deployment",
        rules ->
            rules
                .always((o, c) -> selectorAndTemplate("deployment", o, c))
                .always((o, c) -> deployment(spec(o), c))
                .onUpdate(WorkloadRules::selectorStays));
    table.kind(
        "apps.v1.ReplicaSet",
        rules ->
            rules
                .always((o, c) -> selectorAndTemplate("replicaset", o, c))
                .always((o, c) -> counts(spec(o), c))
                .onUpdate(WorkloadRules::selectorStays));
    table.kind(
        "apps.v1.StatefulSet",
        rules ->
            rules
                .always((o, c) -> selectorAndTemplate("statefulset", o, c))
                .always((o, c) -> statefulSet(spec(o), c))
                .onUpdate(WorkloadRules::statefulSetStays));
    table.kind(
        "apps.v1.DaemonSet",
        rules ->
            rules
                .always((o, c) -> selectorAndTemplate("daemonset", o, c))
                .always((o, c) -> daemonSet(spec(o), c))
                .onUpdate(WorkloadRules::selectorStays));
    table.kind(
        "core.v1.ReplicationController",
        rules -> rules.always((o, c) -> replicationController(spec(o), c)));
    table.kind(
        "apps.v1.ControllerRevision",
        rules ->
            rules
                .always((o, c) -> new Checks(o, FieldPath.ROOT, c).nonNegative("revision"))
                .onUpdate((o, old, c) -> Checks.immutable(o, old, FieldPath.ROOT, "data", c)));
  }

  private static ObjectNode spec(ObjectNode object) {
    return object.get("spec") instanceof ObjectNode spec ? spec : object.objectNode();
  }

  private static void selectorAndTemplate(String kind, ObjectNode object, Causes causes) {
    ObjectNode spec = spec(object);
    FieldPath path = SPEC.child("selector");
    JsonNode selector = at(spec, "selector");
    if (selector.isMissingNode()) {
      causes.required(path);
    } else if (Selectors.isEmpty(selector)) {
      causes.invalid(path, selector, "empty selector is invalid for " + kind);
    } else {
      Selectors.validate(selector, path, causes);
      Map<String, String> labels = map(spec, "template", "metadata", "labels");
      if (!Selectors.matches(selector, labels)) {
        causes.invalid(
            SPEC.child("template", "metadata", "labels"),
            at(spec, "template", "metadata", "labels"),
            "`selector` does not match template `labels`");
      }
    }
    template(at(spec, "template"), causes);
  }

  private static void template(JsonNode template, Causes causes) {
    FieldPath path = SPEC.child("template");
    PodRules.template(template, path, causes);
    String policy = PodRules.restartPolicy(template);
    if (!policy.isEmpty() && !policy.equals("Always")) {
      causes.notSupported(path.child("spec", "restartPolicy"), policy, List.of("Always"));
    }
    if (!absent(template, "spec", "activeDeadlineSeconds")) {
      causes.forbidden(
          path.child("spec", "activeDeadlineSeconds"),
          "activeDeadlineSeconds in a template of pods that always restart is not supported");
    }
  }

  private static Checks counts(ObjectNode spec, Causes causes) {
    return new Checks(spec, SPEC, causes)
        .nonNegative("replicas")
        .nonNegative("minReadySeconds")
        .nonNegative("revisionHistoryLimit");
  }

  private static void deployment(ObjectNode spec, Causes causes) {
    counts(spec, causes).nonNegative("progressDeadlineSeconds");
    JsonNode deadline = at(spec, "progressDeadlineSeconds");
    if (deadline.isNumber() && deadline.longValue() <= at(spec, "minReadySeconds").longValue()) {
      causes.invalid(
          SPEC.child("progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds");
    }
    if (at(spec, "strategy", "rollingUpdate") instanceof ObjectNode rolling) {
      rollingDeployment(
          rolling, text(spec, "strategy", "type"), SPEC.child("strategy", "rollingUpdate"), causes);
    }
  }

  private static void daemonSet(ObjectNode spec, Causes causes) {
    counts(spec, causes);
    // What a rolling update would be like may stay there while somebody deletes pods by hand.
    if (!text(spec, "updateStrategy", "type").equals("OnDelete")
        && at(spec, "updateStrategy", "rollingUpdate") instanceof ObjectNode rolling) {
      rollingDaemons(rolling, SPEC.child("updateStrategy", "rollingUpdate"), causes);
    }
  }

  private static void rollingDaemons(ObjectNode rolling, FieldPath path, Causes causes) {
    amounts(rolling, path, causes);
    boolean surge = isSet(at(rolling, "maxSurge"));
    boolean unavailable = isSet(at(rolling, "maxUnavailable"));
    if (surge && unavailable) {
      causes.invalid(
          path.child("maxSurge"),
          at(rolling, "maxSurge"),
          "may not be set when maxUnavailable is non-zero");
    } else if (!surge && !unavailable) {
      causes.required(path.child("maxUnavailable"), "cannot be 0 when maxSurge is 0");
    }
  }

  private static void statefulSet(ObjectNode spec, Causes causes) {
    counts(spec, causes);
    if (at(spec, "ordinals") instanceof ObjectNode ordinals) {
      new Checks(ordinals, SPEC.child("ordinals"), causes).nonNegative("start");
    }
    if (at(spec, "persistentVolumeClaimRetentionPolicy") instanceof ObjectNode retention) {
      new Checks(retention, SPEC.child("persistentVolumeClaimRetentionPolicy"), causes)
          .oneOf("whenDeleted", RETENTIONS)
          .oneOf("whenScaled", RETENTIONS);
    }
    if (at(spec, "updateStrategy", "rollingUpdate") instanceof ObjectNode rolling) {
      FieldPath path = SPEC.child("updateStrategy", "rollingUpdate");
      if (text(spec, "updateStrategy", "type").equals("OnDelete")) {
        causes.invalid(path, rolling, "only allowed for updateStrategy 'RollingUpdate'");
      }
      new Checks(rolling, path, causes)
          .nonNegative("partition")
          .countOrPercent("maxUnavailable")
          .atMostWhole("maxUnavailable");
    }
    int i = 0;
    for (ObjectNode claim : objects(spec, "volumeClaimTemplates")) {
      StorageRules.claimSpec(
          at(claim, "spec"), SPEC.child("volumeClaimTemplates").index(i++).child("spec"), causes);
    }
  }

  private static void rollingDeployment(
      ObjectNode rolling, String type, FieldPath path, Causes causes) {
    if (type.equals("Recreate")) {
      causes.forbidden(path, "may not be specified when strategy `type` is 'Recreate'");
      return;
    }
    amounts(rolling, path, causes);
    if (!isSet(at(rolling, "maxUnavailable")) && !isSet(at(rolling, "maxSurge"))) {
      causes.invalid(
          path.child("maxUnavailable"),
          at(rolling, "maxUnavailable"),
          "may not be 0 when `maxSurge` is 0");
    }
  }

  private static void amounts(ObjectNode rolling, FieldPath path, Causes causes) {
    new Checks(rolling, path, causes)
        .countOrPercent("maxUnavailable")
        .atMostWhole("maxUnavailable")
        .countOrPercent("maxSurge");
  }

  /** Whether a count or percentage allows for at least one. */
  private static boolean isSet(JsonNode value) {
    return value.isTextual() ? Checks.percent(value) != 0 : value.intValue() != 0;
  }

  private static void replicationController(ObjectNode spec, Causes causes) {
    counts(spec, causes);
    Map<String, String> selector = map(spec, "selector");
    if (selector.isEmpty()) {
      causes.required(SPEC.child("selector"));
    }
    if (absent(spec, "template")) {
      causes.required(SPEC.child("template"));
      return;
    }
    Map<String, String> labels = map(spec, "template", "metadata", "labels");
    if (!labels.entrySet().containsAll(selector.entrySet())) {
      causes.invalid(
          SPEC.child("template", "metadata", "labels"),
          at(spec, "template", "metadata", "labels"),
          "`selector` does not match template `labels`");
    }
    template(at(spec, "template"), causes);
  }

  private static void selectorStays(ObjectNode object, ObjectNode old, Causes causes) {
    Checks.immutable(spec(object), spec(old), SPEC, "selector", causes);
  }

  private static void statefulSetStays(ObjectNode object, ObjectNode old, Causes causes) {
    ObjectNode now = spec(object).deepCopy();
    ObjectNode then = spec(old).deepCopy();
    now.remove(STATEFUL_CHANGES);
    then.remove(STATEFUL_CHANGES);
    if (!now.equals(then)) {
      causes.forbidden(
          SPEC,
          "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
              + " 'updateStrategy', 'revisionHistoryLimit',"
              + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
    }
  }
}
