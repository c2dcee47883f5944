package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Trees;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Who changes the owners of an object must be allowed to delete it, since the owner's end is its
 * own; and who lets it hold up its owner's deletion must be allowed to set the owner's finalizers.
 */
public final class OwnerReferencesPermissionEnforcement implements AdmissionPlugin {

  private final Authorizer authorizer;
  private final Supplier<ResourceCatalogue> catalogue;

  public OwnerReferencesPermissionEnforcement(
      Authorizer authorizer, Supplier<ResourceCatalogue> catalogue) {
    this.authorizer = authorizer;
    this.catalogue = catalogue;
  }

  @Override
  public String name() {
    return "OwnerReferencesPermissionEnforcement";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return switch (request.operation()) {
      case CREATE, UPDATE -> !owners(request.object()).equals(owners(request.before()));
      case DELETE, CONNECT -> false;
    };
  }

  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    boolean create = request.before() == null;
    if (!create && !allowed(request, "delete", request.target().type(), "", null)) {
      throw request
          .target()
          .forbidden("cannot set an ownerRef on a resource you can't delete: , <nil>");
    }
    Set<String> blocked = blocking(owners(request.before()));
    for (JsonNode owner : owners(request.object())) {
      if (owner.path("blockOwnerDeletion").asBoolean(false)
          && !blocked.contains(Trees.text(owner, "uid"))) {
        requireFinalizers(request, owner);
      }
    }
    return Admission.DONE;
  }

  private void requireFinalizers(AdmissionRequest request, JsonNode owner) {
    ResourceType type =
        catalogue
            .get()
            .findByKind(Trees.text(owner, "apiVersion"), Trees.text(owner, "kind"))
            .orElseThrow(() ->
                request
                    .target()
                    .forbidden(
                        "cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion %s Kind %s"
                            .formatted(
                                Trees.text(owner, "apiVersion"), Trees.text(owner, "kind"))));
    if (!allowed(request, "update", type, "finalizers", Trees.text(owner, "name"))) {
      throw request
          .target()
          .forbidden(
              "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>");
    }
  }

  private boolean allowed(
      AdmissionRequest request, String verb, ResourceType type, String subresource, String name) {
    return authorizer
        .authorize(
            request.caller().user(),
            new Attributes(
                verb,
                type.group(),
                type.version(),
                type.plural(),
                subresource,
                type.namespaced() ? request.target().namespace() : "",
                name == null ? request.target().name() : name,
                ""))
        .allowed();
  }

  private static Set<String> blocking(JsonNode owners) {
    Set<String> uids = new HashSet<>();
    for (JsonNode owner : owners) {
      if (owner.path("blockOwnerDeletion").asBoolean(false)) {
        uids.add(Trees.text(owner, "uid"));
      }
    }
    return uids;
  }

  private static JsonNode owners(ObjectNode object) {
    JsonNode owners =
        object == null
            ? MissingNode.getInstance()
            : Trees.at(object, "metadata", "ownerReferences");
    return owners.isEmpty() ? MissingNode.getInstance() : owners;
  }
}
