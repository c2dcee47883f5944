package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.status.StatusCause;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is particular to a resource when its objects are written. Objects are trees in the storage
 * version, defaults filled in. Called anew for every attempt at a commit; pure but for the trees it
 * is told to change; any thread.
 */
public interface ResourceRules {

  /** For resources without anything particular. */
  ResourceRules NONE = new ResourceRules() {};

  /** Sets what a new object always has, and takes out what its creator may not say. */
  default void prepareForCreate(ObjectNode object) {}

  /** Sets what follows from a new object once admission has completed it. */
  default void settle(ObjectNode object) {}

  /**
   * Carries over what an update of the object itself may not change or left out because it was
   * allocated.
   *
   * @param object what it is to become; changed in place
   * @param before what it is
   */
  default void prepareForUpdate(ObjectNode object, ObjectNode before) {}

  /** The same for an update through {@code status}. */
  default void prepareForStatusUpdate(ObjectNode object, ObjectNode before) {}

  /** What an update breaks that can be seen from the two objects alone. */
  default List<StatusCause> validateUpdate(ObjectNode object, ObjectNode before) {
    return List.of();
  }

  /**
   * How long a deleted object stays so that somebody can end what it stands for.
   *
   * @param requestedSeconds what the client asks for, if anything
   * @return empty if the resource knows no grace; 0 to go at once
   */
  default OptionalLong gracePeriodSeconds(ObjectNode object, OptionalLong requestedSeconds) {
    return OptionalLong.empty();
  }

  /** Finalizers that an object gets when its deletion begins. */
  default List<String> finalizersOfDeletion() {
    return List.of();
  }

  /** Marks an object whose deletion begins, beyond its deletionTimestamp. */
  default void prepareForDeletion(ObjectNode object) {}

  /** Whether something besides {@code metadata.finalizers} holds back the removal of the object. */
  default boolean holdsBackRemoval(ObjectNode object) {
    return false;
  }
}
