package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.ResourceRules;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Target;

/**
 * An object seen through one of its paths: the object itself, its status, its scale. A facet says
 * what is shown there, and what a write there may change. Stateless; any thread.
 */
interface Facet {

  /** What a body sent here must be. */
  Target bodyType(ResourceType type);

  /** What is shown of an object that is in its storage version. The argument is used up. */
  ObjectNode show(ResourceType type, ObjectNode stored);

  /**
   * What the object becomes, in its storage version.
   *
   * @param before the object; not to be changed
   * @param sent what was sent here; used up
   */
  ObjectNode merge(ResourceType type, ObjectNode before, ObjectNode sent);

  /**
   * What a configuration applied here says of the object, in its storage version: never more than a
   * write here may change.
   *
   * @param sent sparse; used up
   */
  ObjectNode config(ResourceType type, ObjectNode sent);

  /** Whether a client may set managedFields here. */
  default boolean ownsMetadata() {
    return false;
  }

  /** Whether what is shown is the object itself, in the version asked for. */
  default boolean showsObject() {
    return true;
  }

  /** Whether a write here is about the status alone, and is validated so. */
  default boolean isStatus() {
    return false;
  }

  /** The subresource whose rules hold for a write here; empty for those of the object. */
  default String part() {
    return "";
  }

  /** Carries over what the resource's own rules do not let a write here change. */
  default void prepare(ResourceRules rules, ObjectNode object, ObjectNode before) {}
}
