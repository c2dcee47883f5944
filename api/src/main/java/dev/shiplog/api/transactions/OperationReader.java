package dev.shiplog.api.transactions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.patch.Patch;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.transactions.Operation.What;
import dev.shiplog.topics.record.Json;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what a Transaction says of one operation. Any thread. */
final class OperationReader {

  private static final String MERGE = "application/merge-patch+json";

  private final ResourceCatalogue catalogue;

  OperationReader(ResourceCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * Reads one.
   *
   * @throws ApiFailure if it is none
   */
  Operation read(JsonNode node) {
    String name = text(node, "operation");
    Target target = target(node, name);
    JsonNode preconditions = node.path("preconditions");
    return new Operation(
        target,
        what(name, node, target),
        text(preconditions, "uid"),
        text(preconditions, "resourceVersion"),
        text(node, "fieldManager"));
  }

  private static What what(String name, JsonNode node, Target target) {
    return switch (name) {
      case "Create" -> new What.Create(object(node));
      case "Update" -> new What.Update(object(node));
      case "Apply" -> {
        if (text(node, "fieldManager").isEmpty()) {
          throw Failures.badRequest("fieldManager is required for Apply");
        }
        yield new What.Apply(object(node), node.path("force").asBoolean());
      }
      case "Patch" -> new What.Patched(patch(node, target));
      case "Delete" -> new What.Delete(deleteOptions(node));
      case "Check" -> new What.Check();
      default ->
          throw Failures.badRequest(
              "operation is \"%s\", but must be Create, Update, Apply, Patch, Delete or Check"
                  .formatted(name));
    };
  }

  private static ObjectNode object(JsonNode node) {
    if (node.path("object") instanceof ObjectNode object) {
      return object.deepCopy();
    }
    throw Failures.badRequest("object is required for " + text(node, "operation"));
  }

  private static Patch patch(JsonNode node, Target target) {
    if (!node.has("patch")) {
      throw Failures.badRequest("patch is required for Patch");
    }
    String media = text(node, "patchType");
    String fallback = node.path("patch").isArray() ? "application/json-patch+json" : MERGE;
    PatchType type =
        PatchType.of(media.isEmpty() ? fallback : media)
            .filter(known -> known != PatchType.STRATEGIC_MERGE || target.type().custom().isEmpty())
            .orElseThrow(
                () -> Failures.badRequest("patchType \"" + media + "\" is not known here"));
    return Patch.parse(type, Json.bytes(node.get("patch")));
  }

  private static DeleteOptions deleteOptions(JsonNode node) {
    String policy = text(node, "propagationPolicy");
    JsonNode grace = node.path("gracePeriodSeconds");
    return new DeleteOptions(
        grace.isIntegralNumber() ? OptionalLong.of(grace.asLong()) : OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        policy.isEmpty() ? Optional.empty() : Optional.of(DeleteOptions.propagation(policy)),
        false);
  }

  private Target target(JsonNode node, String operation) {
    JsonNode said = node.path("target");
    JsonNode object = node.path("object");
    String apiVersion = either(text(said, "apiVersion"), text(object, "apiVersion"));
    String kind = either(text(said, "kind"), text(object, "kind"));
    String name = either(text(said, "name"), Meta.name(object));
    ResourceType type =
        catalogue
            .findByKind(apiVersion, kind)
            .filter(known -> known.storage().isPresent())
            .orElseThrow(() ->
                Failures.badRequest(
                    "no objects of kind \"%s\" in version \"%s\" are kept"
                        .formatted(kind, apiVersion)));
    String namespace = either(text(said, "namespace"), Meta.namespace(object));
    if (type.namespaced() && namespace.isEmpty()) {
      throw Failures.badRequest("metadata.namespace is required for a " + kind);
    }
    boolean generated = operation.equals("Create") && object.at("/metadata").has("generateName");
    if (name.isEmpty() && !generated) {
      throw Failures.badRequest("a name is required for " + operation);
    }
    String subresource = text(said, "subresource");
    if (!subresource.isEmpty()) {
      requireSubresource(type, subresource, operation);
    }
    return new Target(type, subresource, type.namespaced() ? namespace : "", name);
  }

  private static void requireSubresource(ResourceType type, String name, String operation) {
    boolean changes =
        operation.equals("Update") || operation.equals("Patch") || operation.equals("Apply");
    boolean known =
        type.subresources().containsKey(name)
            && type.subresources().get(name).verbs().contains("patch");
    if (!changes || !known) {
      throw Failures.badRequest(
          "%s cannot be used on subresource \"%s\" of %s"
              .formatted(operation, name, type.qualifiedName()));
    }
  }

  private static String either(String first, String second) {
    return first.isEmpty() ? second : first;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }
}
