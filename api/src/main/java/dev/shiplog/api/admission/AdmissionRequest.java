package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.store.Snapshot;

/**
 * A request that wants to get in.
 *
 * @param object in the storage version, defaults filled in; mutating plug-ins change it in place.
 *     Null for a deletion. For a subresource that is created (a Binding, an Eviction), and for a
 *     connection, what was sent.
 * @param before what is stored; null for a creation. Not to be changed.
 * @param state what the write was prepared from; it may lag, so a refusal by it is looked at again
 * @param dryRun nothing may be changed outside the object
 * @param course what the plug-ins leave behind on the way
 */
public record AdmissionRequest(
    Operation operation,
    Target target,
    Caller caller,
    ObjectNode object,
    ObjectNode before,
    Snapshot state,
    boolean dryRun,
    AdmissionCourse course) {

  /** A request that no plug-in has seen yet. */
  public AdmissionRequest(
      Operation operation,
      Target target,
      Caller caller,
      ObjectNode object,
      ObjectNode before,
      Snapshot state,
      boolean dryRun) {
    this(operation, target, caller, object, before, state, dryRun, new AdmissionCourse());
  }

  /** What the request does. */
  public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
  }

  /** Whether it is about objects of the resource themselves, named {@code plural.group}. */
  public boolean isAbout(String qualifiedName) {
    return target.subresource().isEmpty() && target.type().qualifiedName().equals(qualifiedName);
  }

  /** Whether it is about a subresource of a resource. */
  public boolean isAbout(String qualifiedName, String subresource) {
    return target.subresource().equals(subresource)
        && target.type().qualifiedName().equals(qualifiedName);
  }

  /** Whether it makes a new object of the resource. */
  public boolean creates(String qualifiedName) {
    return operation == Operation.CREATE && isAbout(qualifiedName);
  }

  /** Whether it makes or changes an object of the resource. */
  public boolean writes(String qualifiedName) {
    return (operation == Operation.CREATE || operation == Operation.UPDATE)
        && isAbout(qualifiedName);
  }
}
