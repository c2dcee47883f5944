package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.Refusals;
import dev.shiplog.api.request.Target;
import java.util.Map;
import java.util.function.BiConsumer;

/** The facets by name of the subresource. */
final class Facets {

  private final Facet whole;
  private final Map<String, Facet> byName;

  Facets(ObjectForms forms) {
    whole = new WholeObject(forms);
    byName =
        Map.of(
            "status", new StatusFacet(forms),
            "scale", new ScaleFacet(),
            "finalize", part(forms, "finalize", Facets::copyFinalizers),
            "ephemeralcontainers",
                part(forms, "ephemeralcontainers", Facets::copyEphemeralContainers),
            "resize", part(forms, "resize", Facets::copyContainerResources),
            "approval", part(forms, "approval", Facets::copyConditions));
  }

  private static Facet part(
      ObjectForms forms, String name, BiConsumer<ObjectNode, ObjectNode> copy) {
    return new PartFacet(forms, name, copy);
  }

  /**
   * The facet of a target.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code MethodNotAllowed} if there is nothing to read
   *     or change there
   */
  Facet of(Target target) {
    Facet facet = target.subresource().isEmpty() ? whole : byName.get(target.subresource());
    if (facet == null) {
      throw Refusals.methodNotAllowed();
    }
    return facet;
  }

  private static void copyFinalizers(ObjectNode from, ObjectNode to) {
    Meta.copyField(from.withObject("/spec"), to.withObject("/spec"), "finalizers");
  }

  private static void copyEphemeralContainers(ObjectNode from, ObjectNode to) {
    Meta.copyField(from.withObject("/spec"), to.withObject("/spec"), "ephemeralContainers");
  }

  private static void copyConditions(ObjectNode from, ObjectNode to) {
    Meta.copyField(from.withObject("/status"), to.withObject("/status"), "conditions");
  }

  /** Containers are matched by name; one that was not there stays out. */
  private static void copyContainerResources(ObjectNode from, ObjectNode to) {
    for (String list : java.util.List.of("containers", "initContainers")) {
      for (JsonNode container : to.path("spec").path(list)) {
        for (JsonNode sent : from.path("spec").path(list)) {
          if (sent.path("name").equals(container.path("name"))) {
            Meta.copyField((ObjectNode) sent, (ObjectNode) container, "resources");
            Meta.copyField((ObjectNode) sent, (ObjectNode) container, "resizePolicy");
          }
        }
      }
    }
  }
}
