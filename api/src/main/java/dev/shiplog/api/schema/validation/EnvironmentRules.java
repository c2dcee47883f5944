package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Environment variables of a container and where their values are from. */
final class EnvironmentRules {

  private static final List<String> SOURCES =
      List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");

  static final Set<String> ENVIRONMENT_FIELDS =
      Set.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");

  private static final Pattern SUBSCRIPT =
      Pattern.compile("metadata\\.(labels|annotations)\\['[^']+'\\]");
  private static final Pattern RESOURCE =
      Pattern.compile("(limits|requests)\\.(cpu|memory|ephemeral-storage|hugepages-.+)");

  private EnvironmentRules() {}

  static void validate(ObjectNode container, FieldPath path, Causes causes) {
    int i = 0;
    for (ObjectNode variable : objects(container, "env")) {
      variable(variable, path.child("env").index(i++), causes);
    }
    i = 0;
    for (ObjectNode source : objects(container, "envFrom")) {
      everyKeyOf(source, path.child("envFrom").index(i++), causes);
    }
  }

  private static void variable(ObjectNode variable, FieldPath path, Causes causes) {
    new Checks(variable, path, causes).required("name").name("name", Names::environment);
    if (!(variable.get("valueFrom") instanceof ObjectNode source)) {
      return;
    }
    FieldPath from = path.child("valueFrom");
    if (!empty(variable, "value")) {
      causes.invalid(from, "", "may not be specified when `value` is not empty");
    }
    long sources = SOURCES.stream().filter(source::has).count();
    if (sources == 0) {
      causes.invalid(
          from,
          "",
          "must specify one of: `configMapKeyRef`, `fieldRef`, `fileKeyRef`, `resourceFieldRef` or"
              + " `secretKeyRef`");
    } else if (sources > 1) {
      causes.invalid(from, "", "may not have more than one field specified at a time");
    }
    fieldRef(source, from.child("fieldRef"), ENVIRONMENT_FIELDS, causes);
    resourceFieldRef(source, from.child("resourceFieldRef"), causes);
    key(source, "configMapKeyRef", from, causes);
    key(source, "secretKeyRef", from, causes);
  }

  /** A field of the pod itself. */
  static void fieldRef(ObjectNode holder, FieldPath path, Set<String> fields, Causes causes) {
    if (absent(holder, "fieldRef")) {
      return;
    }
    String field = text(holder, "fieldRef", "fieldPath");
    if (field.isEmpty()) {
      causes.required(path.child("fieldPath"));
    } else if (!List.of("", "v1").contains(text(holder, "fieldRef", "apiVersion"))) {
      causes.invalid(
          path.child("fieldPath"),
          text(holder, "fieldRef", "apiVersion"),
          "the version of a pod's fields is v1");
    } else if (!fields.contains(field) && !SUBSCRIPT.matcher(field).matches()) {
      causes.notSupported(path.child("fieldPath"), field, fields);
    }
  }

  static void resourceFieldRef(ObjectNode holder, FieldPath path, Causes causes) {
    String resource = text(holder, "resourceFieldRef", "resource");
    if (!absent(holder, "resourceFieldRef") && !RESOURCE.matcher(resource).matches()) {
      causes.notSupported(
          path.child("resource"),
          resource,
          List.of(
              "limits.cpu",
              "limits.ephemeral-storage",
              "limits.memory",
              "requests.cpu",
              "requests.ephemeral-storage",
              "requests.memory"));
    }
  }

  private static void key(ObjectNode source, String reference, FieldPath path, Causes causes) {
    if (source.get(reference) instanceof ObjectNode key) {
      new Checks(key, path.child(reference), causes)
          .required("name")
          .required("key")
          .name("key", Names::configKey);
    }
  }

  private static void everyKeyOf(ObjectNode source, FieldPath path, Causes causes) {
    new Checks(source, path, causes).name("prefix", Names::environment);
    boolean map = !absent(source, "configMapRef");
    boolean secret = !absent(source, "secretRef");
    if (map == secret) {
      causes.invalid(
          path,
          "",
          map
              ? "may not have more than one field specified at a time"
              : "must specify one of: `configMapRef` or `secretRef`");
    }
    for (String reference : List.of("configMapRef", "secretRef")) {
      if (!absent(source, reference) && empty(at(source, reference), "name")) {
        causes.required(path.child(reference, "name"));
      }
    }
  }
}
