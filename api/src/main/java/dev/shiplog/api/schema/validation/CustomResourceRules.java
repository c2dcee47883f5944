package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.custom.CustomSchema;
import dev.shiplog.api.schema.custom.SchemaPaths;
import dev.shiplog.api.schema.custom.StructuralSchemas;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** CustomResourceDefinitions. */
final class CustomResourceRules {

  private static final String CRD =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition";
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath NAMES = SPEC.child("names");
  private static final List<String> SCOPES = List.of("Cluster", "Namespaced");
  private static final List<String> STRATEGIES = List.of("None", "Webhook");
  private static final List<String> COLUMN_TYPES =
      List.of("boolean", "date", "integer", "number", "string");
  private static final String APPROVAL = "api-approved.kubernetes.io";
  private static final int MOST_SELECTABLE = 8;
  private static final Set<String> SELECTABLE = Set.of("string", "boolean", "integer");

  private CustomResourceRules() {}

  static void register(KindTable table) {
    table.named(
        CRD,
        rules ->
            rules
                .always(CustomResourceRules::spec)
                .onCreate(CustomResourceRules::approved)
                .onCreate((object, causes) -> schemas(object, Set.of(), causes))
                .onUpdate(CustomResourceRules::update)
                .onUpdate((object, old, causes) -> schemas(object, schemas(old), causes)));
  }

  private static void spec(ObjectNode object, Causes causes) {
    JsonNode spec = at(object, "spec");
    String group = text(spec, "group");
    String name = text(object, "metadata", "name");
    if (!name.equals(text(spec, "names", "plural") + "." + group)) {
      causes.invalid(
          FieldPath.of("metadata", "name"), name, "must be spec.names.plural+\".\"+spec.group");
    }
    group(group, causes);
    if (empty(spec, "scope")) {
      causes.required(SPEC.child("scope"));
    } else if (!SCOPES.contains(text(spec, "scope"))) {
      causes.notSupported(SPEC.child("scope"), text(spec, "scope"), SCOPES);
    }
    if (spec.path("preserveUnknownFields").asBoolean(false)) {
      causes.invalid(
          SPEC.child("preserveUnknownFields"),
          spec.get("preserveUnknownFields"),
          "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in"
              + " spec.versions[*].schema instead");
    }
    names(at(spec, "names"), causes);
    versions(spec, causes);
    conversion(at(spec, "conversion"), causes);
  }

  private static void group(String group, Causes causes) {
    FieldPath path = SPEC.child("group");
    if (group.isEmpty()) {
      causes.required(path);
    } else if (!group.contains(".")) {
      causes.invalid(path, group, "should be a domain with at least one dot");
    } else {
      Checks.name(path, group, Names::subdomain, causes);
    }
  }

  private static void names(JsonNode names, Causes causes) {
    for (String field : List.of("plural", "singular", "kind", "listKind")) {
      String name = text(names, field);
      if (name.isEmpty()) {
        causes.required(NAMES.child(field));
      } else {
        boolean kind = field.endsWith("ind");
        Checks.name(
            NAMES.child(field),
            kind ? name.toLowerCase(Locale.ROOT) : name,
            Names::label1035,
            causes);
      }
    }
    lists(names, "shortNames", causes);
    lists(names, "categories", causes);
    if (text(names, "kind").equals(text(names, "listKind")) && !empty(names, "kind")) {
      causes.invalid(
          NAMES.child("listKind"),
          text(names, "listKind"),
          "kind and listKind may not be the same");
    }
  }

  private static void lists(JsonNode names, String field, Causes causes) {
    List<String> values = texts(names, field);
    for (int i = 0; i < values.size(); i++) {
      Checks.name(NAMES.child(field).index(i), values.get(i), Names::label1035, causes);
    }
  }

  private static void versions(JsonNode spec, Causes causes) {
    FieldPath path = SPEC.child("versions");
    List<ObjectNode> versions = objects(spec, "versions");
    Set<String> seen = new HashSet<>();
    int stored = 0;
    boolean unique = true;
    for (int i = 0; i < versions.size(); i++) {
      unique &= seen.add(text(versions.get(i), "name"));
      stored += versions.get(i).path("storage").asBoolean(false) ? 1 : 0;
      version(versions.get(i), path.index(i), causes);
    }
    if (!unique) {
      causes.invalid(path, at(spec, "versions"), "must contain unique version names");
    }
    if (stored != 1) {
      causes.invalid(
          path, at(spec, "versions"), "must have exactly one version marked as storage version");
    }
  }

  private static void version(ObjectNode version, FieldPath path, Causes causes) {
    Checks.name(path.child("name"), text(version, "name"), Names::label1035, causes);
    if (schema(version).isMissingNode()) {
      causes.required(path.child("schema", "openAPIV3Schema"), "schemas are required");
    }
    columns(version, path.child("additionalPrinterColumns"), causes);
    scale(at(version, "subresources", "scale"), path.child("subresources", "scale"), causes);
    selectable(version, path.child("selectableFields"), causes);
  }

  private static JsonNode schema(ObjectNode version) {
    return at(version, "schema", "openAPIV3Schema");
  }

  private static Set<JsonNode> schemas(ObjectNode object) {
    return objects(object, "spec", "versions").stream()
        .map(CustomResourceRules::schema)
        .collect(Collectors.toSet());
  }

  /** A schema that all versions have is named as Kubernetes names it: as that of the whole. */
  private static void schemas(ObjectNode object, Set<JsonNode> known, Causes causes) {
    FieldPath path = SPEC.child("versions");
    boolean shared = schemas(object).size() == 1;
    int i = 0;
    for (ObjectNode version : objects(object, "spec", "versions")) {
      JsonNode schema = schema(version);
      FieldPath own = path.index(i++).child("schema");
      FieldPath at = shared ? SPEC.child("validation") : own;
      if (!schema.isMissingNode() && (!shared || i == 1)) {
        StructuralSchemas.check(
            schema, at.child("openAPIV3Schema"), known.contains(schema), causes);
      }
    }
  }

  private static void selectable(ObjectNode version, FieldPath path, Causes causes) {
    List<ObjectNode> selectable = objects(version, "selectableFields");
    if (selectable.size() > MOST_SELECTABLE) {
      causes.tooMany(path, selectable.size(), MOST_SELECTABLE);
    }
    CustomSchema schema = CustomSchema.of(schema(version));
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < selectable.size(); i++) {
      String field = text(selectable.get(i), "jsonPath");
      FieldPath at = path.index(i).child("jsonPath");
      if (field.isEmpty()) {
        causes.required(at);
        continue;
      }
      SchemaPaths.Found found = SchemaPaths.follow(schema, field, false);
      if (found.schema() == null) {
        causes.invalid(at, field, "is an invalid path: " + found.problem());
      } else if (field.startsWith(".metadata.")) {
        causes.invalid(at, field, "must not point to fields in metadata");
      } else if (!SELECTABLE.contains(found.schema().type())) {
        causes.invalid(
            at,
            field,
            "must point to a field of type string, boolean or integer. Enum string fields and"
                + " strings with formats are allowed.");
      }
      if (!seen.add(field)) {
        causes.duplicate(at, field);
      }
    }
  }

  private static void columns(ObjectNode version, FieldPath path, Causes causes) {
    int i = 0;
    for (ObjectNode column : objects(version, "additionalPrinterColumns")) {
      FieldPath at = path.index(i++);
      for (String field : List.of("name", "type", "jsonPath")) {
        if (empty(column, field)) {
          causes.required(at.child(field));
        }
      }
      if (!empty(column, "type") && !COLUMN_TYPES.contains(text(column, "type"))) {
        causes.invalid(
            at.child("type"),
            text(column, "type"),
            "must be one of " + String.join(",", COLUMN_TYPES));
      }
      if (!empty(column, "jsonPath") && !text(column, "jsonPath").startsWith(".")) {
        causes.invalid(
            at.child("jsonPath"),
            text(column, "jsonPath"),
            "must be a simple json path starting with .");
      }
    }
  }

  private static void scale(JsonNode scale, FieldPath path, Causes causes) {
    if (scale.isMissingNode()) {
      return;
    }
    path(scale, "specReplicasPath", ".spec.", path, causes);
    path(scale, "statusReplicasPath", ".status.", path, causes);
    String selector = text(scale, "labelSelectorPath");
    if (!selector.isEmpty() && !selector.startsWith(".spec.") && !selector.startsWith(".status.")) {
      causes.invalid(
          path.child("labelSelectorPath"),
          selector,
          "should be a json path under either .spec or .status");
    }
  }

  private static void path(
      JsonNode scale, String field, String prefix, FieldPath path, Causes causes) {
    String value = text(scale, field);
    if (value.isEmpty()) {
      causes.required(path.child(field));
    } else if (!value.startsWith(prefix) || value.contains("[")) {
      causes.invalid(
          path.child(field),
          value,
          "should be a json path under " + prefix.substring(0, prefix.length() - 1));
    }
  }

  private static void conversion(JsonNode conversion, Causes causes) {
    FieldPath path = SPEC.child("conversion");
    String strategy = text(conversion, "strategy");
    if (!strategy.isEmpty() && !STRATEGIES.contains(strategy)) {
      causes.notSupported(path.child("strategy"), strategy, STRATEGIES);
    }
    boolean webhook = strategy.equals("Webhook");
    if (webhook && empty(conversion, "webhook", "clientConfig")) {
      causes.required(
          path.child("webhook", "clientConfig"), "required when strategy is set to Webhook");
    }
    if (webhook && at(conversion, "webhook", "clientConfig") instanceof ObjectNode client) {
      FieldPath address = path.child("webhook", "clientConfig");
      if (absent(client, "url") == absent(client, "service")) {
        causes.required(address, "exactly one of url or service is required");
      } else if (!absent(client, "url")) {
        AdmissionRules.address(text(client, "url"), address.child("url"), causes);
      }
    }
    if (!webhook && !at(conversion, "webhook").isMissingNode()) {
      causes.forbidden(
          path.child("webhook"), "should not be set when strategy is not set to Webhook");
    }
  }

  /** Groups of Kubernetes itself are for what its reviewers approved. */
  private static void approved(ObjectNode object, Causes causes) {
    String group = text(object, "spec", "group");
    boolean own = (group.endsWith(".k8s.io") || group.endsWith(".kubernetes.io"));
    if (own && text(at(object, "metadata", "annotations"), APPROVAL).isEmpty()) {
      causes.required(
          FieldPath.of("metadata", "annotations").key(APPROVAL),
          "protected groups must have approval annotation \"" + APPROVAL + "\"");
    }
  }

  private static void update(ObjectNode object, ObjectNode old, Causes causes) {
    List<String> fixed = new ArrayList<>(List.of("group", "names.plural"));
    boolean established =
        objects(old, "status", "conditions").stream()
            .anyMatch(
                c -> text(c, "type").equals("Established") && text(c, "status").equals("True"));
    if (established) {
      fixed.addAll(List.of("scope", "names.kind"));
    }
    for (String field : fixed) {
      String[] steps = field.split("\\.");
      JsonNode value = at(at(object, "spec"), steps);
      if (!value.equals(at(at(old, "spec"), steps))) {
        causes.invalid(SPEC.child(steps), value, Checks.IMMUTABLE);
      }
    }
    List<String> stored = texts(object, "status", "storedVersions");
    List<String> names =
        objects(object, "spec", "versions").stream().map(v -> text(v, "name")).toList();
    for (int i = 0; i < stored.size(); i++) {
      if (!names.contains(stored.get(i))) {
        causes.invalid(
            FieldPath.of("status", "storedVersions").index(i),
            stored.get(i),
            "missing from spec.versions; %s was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in %s and removes %s from status.storedVersions"
                .formatted(stored.get(i), stored.get(i), stored.get(i)));
      }
    }
  }
}
