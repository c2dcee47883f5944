package dev.shiplog.api.request;

import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.catalogue.StorageResource;

/**
 * What a request is about.
 *
 * @param type the resource as it is served to this client
 * @param subresource empty for the object itself
 * @param namespace empty for all, or where the resource has none
 * @param name empty where it is about no single object
 */
public record Target(ResourceType type, String subresource, String namespace, String name) {

  /** The same kind of target, about another object. */
  public Target named(String otherName) {
    return new Target(type, subresource, namespace, otherName);
  }

  /** The same object's subresource. */
  public Target below(String otherSubresource) {
    return new Target(type, otherSubresource, namespace, name);
  }

  /**
   * Where objects of the resource are kept.
   *
   * @throws ApiFailure {@code MethodNotAllowed} if they are not kept
   */
  public StorageResource storage() {
    return type.storage().orElseThrow(Refusals::notStored);
  }

  public ObjectKey key() {
    return new ObjectKey(storage(), type.namespaced() ? namespace : "", name);
  }

  public ApiFailure notFound() {
    return Failures.notFound(type.group(), type.plural(), name);
  }

  public ApiFailure alreadyExists(String takenName) {
    return Failures.alreadyExists(type.group(), type.plural(), takenName);
  }

  public ApiFailure conflict(String why) {
    return Failures.conflict(type.group(), type.plural(), name, why);
  }

  public ApiFailure stale() {
    return Failures.staleRevision(type.group(), type.plural(), name);
  }

  public ApiFailure forbidden(String why) {
    return Failures.forbidden(type.group(), type.plural(), name, why);
  }
}
