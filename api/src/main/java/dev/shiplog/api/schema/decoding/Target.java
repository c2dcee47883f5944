package dev.shiplog.api.schema.decoding;

import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.custom.CustomVersion;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import java.util.Optional;

/**
 * What a body must be.
 *
 * @param apiVersion the version the object gets if it names none; the only one it may name unless
 *     {@code anyVersion}
 * @param type its definition; of a custom resource, what is known of all of them
 * @param anyVersion whether any {@code apiVersion} will do, as for DeleteOptions
 * @param custom the schema it has, if it is of a custom resource
 */
public record Target(
    String apiVersion,
    String kind,
    TypeDefinition type,
    boolean anyVersion,
    Optional<CustomVersion> custom) {

  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  /** Has what every object has, and no more. */
  private static final String ANY_OBJECT = "PartialObjectMetadata";

  /** An object of the resource. */
  public static Target of(ResourceType resource) {
    return new Target(
        resource.apiVersion(),
        resource.kind(),
        TypeCatalogue.builtIn()
            .get(resource.custom().isPresent() ? META + ANY_OBJECT : resource.typeName()),
        false,
        resource.custom());
  }

  /** A kind of a built-in group that is no resource itself: Scale, Eviction, TokenRequest. */
  public static Target of(GroupVersion groupVersion, String kind) {
    String group = groupVersion.group();
    String folder = group.isEmpty() ? "core" : group.split("\\.", 2)[0];
    String name = "io.k8s.api." + folder + "." + groupVersion.version() + "." + kind;
    return new Target(
        groupVersion.apiVersion(),
        kind,
        TypeCatalogue.builtIn().get(name),
        false,
        Optional.empty());
  }

  /** DeleteOptions and other kinds that belong to every group. */
  public static Target ofEveryGroup(String kind) {
    return new Target(
        "meta.k8s.io/v1", kind, TypeCatalogue.builtIn().get(META + kind), true, Optional.empty());
  }
}
