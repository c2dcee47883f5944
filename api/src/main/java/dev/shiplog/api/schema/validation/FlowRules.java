package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Priority and fairness: which requests are of which flow, and what each level may use. */
final class FlowRules {

  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final String EXEMPT = "exempt";
  private static final int LAST_PRECEDENCE = 10_000;
  private static final int MOST_QUEUES = 10_000_000;
  private static final String ANY = "*";

  private static final List<String> DISTINGUISHERS = List.of("ByNamespace", "ByUser");
  private static final List<String> TYPES = List.of("Exempt", "Limited");
  private static final List<String> RESPONSES = List.of("Queue", "Reject");
  private static final List<String> SUBJECTS = List.of("Group", "ServiceAccount", "User");
  private static final List<String> VERBS =
      List.of(
          "create",
          "delete",
          "deletecollection",
          "get",
          "list",
          "patch",
          "proxy",
          "update",
          "watch");

  private FlowRules() {}

  static void register(KindTable table) {
    table.kind("flowcontrol.v1.FlowSchema", rules -> rules.always(FlowRules::schema));
    table.kind(
        "flowcontrol.v1.PriorityLevelConfiguration", rules -> rules.always(FlowRules::level));
  }

  private static void schema(ObjectNode object, Causes causes) {
    if (!(object.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    precedence(object, spec, causes);
    if (empty(spec, "priorityLevelConfiguration", "name")) {
      causes.required(
          SPEC.child("priorityLevelConfiguration", "name"), "must reference a priority level");
    } else if (spec.get("priorityLevelConfiguration") instanceof ObjectNode level) {
      new Checks(level, SPEC.child("priorityLevelConfiguration"), causes)
          .name("name", Names::subdomain);
    }
    if (spec.get("distinguisherMethod") instanceof ObjectNode method) {
      new Checks(method, SPEC.child("distinguisherMethod"), causes).oneOf("type", DISTINGUISHERS);
    }
    int i = 0;
    for (ObjectNode rule : objects(spec, "rules")) {
      rule(rule, SPEC.child("rules").index(i++), causes);
    }
  }

  private static void precedence(ObjectNode object, ObjectNode spec, Causes causes) {
    FieldPath path = SPEC.child("matchingPrecedence");
    int precedence = spec.path("matchingPrecedence").intValue();
    if (precedence <= 0) {
      causes.invalid(path, at(spec, "matchingPrecedence"), "must be a positive value");
    }
    if (precedence > LAST_PRECEDENCE) {
      causes.invalid(
          path, at(spec, "matchingPrecedence"), "must not be greater than " + LAST_PRECEDENCE);
    }
    if (precedence == 1 && !text(object, "metadata", "name").equals(EXEMPT)) {
      causes.invalid(
          path,
          at(spec, "matchingPrecedence"),
          "only the schema named 'exempt' may have matchingPrecedence 1");
    }
  }

  private static void rule(ObjectNode rule, FieldPath path, Causes causes) {
    if (empty(rule, "subjects")) {
      causes.required(path.child("subjects"), "subjects must contain at least one value");
    }
    int i = 0;
    for (ObjectNode subject : objects(rule, "subjects")) {
      subject(subject, path.child("subjects").index(i++), causes);
    }
    if (empty(rule, "resourceRules") && empty(rule, "nonResourceRules")) {
      causes.required(
          path, "at least one of resourceRules and nonResourceRules has to be non-empty");
    }
    i = 0;
    for (ObjectNode resources : objects(rule, "resourceRules")) {
      resources(resources, path.child("resourceRules").index(i++), causes);
    }
    i = 0;
    for (ObjectNode urls : objects(rule, "nonResourceRules")) {
      urls(urls, path.child("nonResourceRules").index(i++), causes);
    }
  }

  private static void subject(ObjectNode subject, FieldPath path, Causes causes) {
    String kind = text(subject, "kind");
    if (!SUBJECTS.contains(kind)) {
      causes.notSupported(path.child("kind"), kind, SUBJECTS);
      return;
    }
    String own =
        kind.equals("ServiceAccount") ? "serviceAccount" : kind.equals("User") ? "user" : "group";
    for (String field : List.of("serviceAccount", "user", "group")) {
      boolean present = !absent(subject, field);
      if (field.equals(own) && !present) {
        causes.required(
            path.child(field), "%s is required when subject kind is '%s'".formatted(field, kind));
      } else if (!field.equals(own) && present) {
        causes.forbidden(
            path.child(field), "%s is forbidden when subject kind is not its own".formatted(field));
      }
    }
    if (subject.get(own) instanceof ObjectNode named) {
      Checks checks = new Checks(named, path.child(own), causes).required("name");
      if (own.equals("serviceAccount")) {
        checks.required("namespace");
      }
    }
  }

  private static void resources(ObjectNode rule, FieldPath path, Causes causes) {
    verbs(rule, path, causes);
    some(rule, "apiGroups", "resource rules must supply at least one api group", path, causes);
    some(rule, "resources", "resource rules must supply at least one resource", path, causes);
    if (empty(rule, "namespaces") && !rule.path("clusterScope").booleanValue()) {
      causes.required(
          path.child("namespaces"),
          "resource rules that are not cluster scoped must supply at least one namespace");
    }
    alone(rule, "namespaces", path, causes);
  }

  private static void urls(ObjectNode rule, FieldPath path, Causes causes) {
    verbs(rule, path, causes);
    some(rule, "nonResourceURLs", "nonResourceURLs must contain at least one value", path, causes);
    List<String> urls = texts(rule, "nonResourceURLs");
    for (int i = 0; i < urls.size(); i++) {
      String url = urls.get(i);
      FieldPath item = path.child("nonResourceURLs").index(i);
      int star = url.indexOf('*');
      if (url.equals(ANY)) {
        continue;
      }
      if (!url.startsWith("/")) {
        causes.invalid(item, url, "must start with slash");
      } else if (url.contains(" ")) {
        causes.invalid(item, url, "must not contain white-space");
      } else if (star >= 0 && !(star == url.length() - 1 && url.endsWith("/*"))) {
        causes.invalid(item, url, "wildcard can only do suffix matching after a slash");
      }
    }
  }

  private static void verbs(ObjectNode rule, FieldPath path, Causes causes) {
    List<String> verbs = texts(rule, "verbs");
    some(rule, "verbs", "verbs must contain at least one value", path, causes);
    if (!verbs.contains(ANY) && !Set.copyOf(VERBS).containsAll(verbs)) {
      causes.notSupported(path.child("verbs"), at(rule, "verbs").toString(), VERBS);
    }
  }

  private static void some(
      ObjectNode rule, String field, String otherwise, FieldPath path, Causes causes) {
    if (empty(rule, field)) {
      causes.required(path.child(field), otherwise);
    }
    alone(rule, field, path, causes);
  }

  private static void alone(ObjectNode rule, String field, FieldPath path, Causes causes) {
    List<String> values = texts(rule, field);
    if (values.size() > 1 && values.contains(ANY)) {
      causes.invalid(
          path.child(field), at(rule, field), "if '*' is present, must not specify other " + field);
    }
  }

  private static void level(ObjectNode object, Causes causes) {
    if (!(object.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    String type = text(spec, "type");
    boolean limited = !absent(spec, "limited");
    if (!TYPES.contains(type)) {
      causes.notSupported(SPEC.child("type"), type, TYPES);
      return;
    }
    if (type.equals("Exempt") != text(object, "metadata", "name").equals(EXEMPT)) {
      causes.invalid(
          SPEC.child("type"), type, "type must be 'Exempt' if and only if name is 'exempt'");
    }
    if (type.equals("Exempt") && limited) {
      causes.forbidden(SPEC.child("limited"), "must be nil if the type is not Limited");
    } else if (type.equals("Limited") && !absent(spec, "exempt")) {
      causes.forbidden(SPEC.child("exempt"), "must be nil if the type is Limited");
    } else if (type.equals("Limited") && !limited) {
      causes.required(SPEC.child("limited"), "must not be empty when type is Limited");
    }
    if (spec.get("exempt") instanceof ObjectNode exempt) {
      shares(exempt, SPEC.child("exempt"), causes);
    }
    if (type.equals("Limited") && spec.get("limited") instanceof ObjectNode limits) {
      limits(limits, SPEC.child("limited"), causes);
    }
  }

  private static Checks shares(ObjectNode level, FieldPath path, Causes causes) {
    return new Checks(level, path, causes)
        .range("nominalConcurrencyShares", 0, Integer.MAX_VALUE, "must be a non-negative integer")
        .range("lendablePercent", 0, 100);
  }

  private static void limits(ObjectNode limits, FieldPath path, Causes causes) {
    shares(limits, path, causes)
        .range("borrowingLimitPercent", 0, Integer.MAX_VALUE, "must be a non-negative integer");
    String response = text(limits, "limitResponse", "type");
    FieldPath queuing = path.child("limitResponse", "queuing");
    boolean present = !absent(limits, "limitResponse", "queuing");
    if (!RESPONSES.contains(response)) {
      causes.notSupported(path.child("limitResponse", "type"), response, RESPONSES);
    } else if (response.equals("Reject") && present) {
      causes.forbidden(queuing, "must be nil if limited.limitResponse.type is not Queue");
    } else if (response.equals("Queue") && !present) {
      causes.required(queuing, "must not be empty if limited.limitResponse.type is Queue");
    } else if (at(limits, "limitResponse", "queuing") instanceof ObjectNode queues) {
      queues(queues, queuing, causes);
    }
  }

  private static void queues(ObjectNode queues, FieldPath path, Causes causes) {
    for (String field : List.of("queueLengthLimit", "queues", "handSize")) {
      new Checks(queues, path, causes).range(field, 1, Integer.MAX_VALUE, "must be positive");
    }
    int count = queues.path("queues").intValue();
    if (count > MOST_QUEUES) {
      causes.invalid(
          path.child("queues"), queues.get("queues"), "must not be greater than " + MOST_QUEUES);
    }
    if (queues.path("handSize").intValue() > count) {
      causes.invalid(
          path.child("handSize"),
          queues.get("handSize"),
          "should not be greater than queues (%d)".formatted(count));
    }
  }
}
