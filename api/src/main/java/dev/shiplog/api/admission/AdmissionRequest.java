package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.store.Snapshot;

/**
 * A write that wants to get in.
 *
 * @param object in the storage version, defaults filled in; plug-ins change it in place. Null for a
 *     deletion.
 * @param before what is stored; null for a creation. Not to be changed.
 * @param state what the write was prepared from; it may lag, so a refusal by it is looked at again
 * @param dryRun nothing may be changed outside the object
 */
public record AdmissionRequest(
    Operation operation,
    Target target,
    Caller caller,
    ObjectNode object,
    ObjectNode before,
    Snapshot state,
    boolean dryRun) {

  /** What the write does. */
  public enum Operation {
    CREATE,
    UPDATE,
    DELETE
  }

  /** Whether it is about objects of the resource themselves, named {@code plural.group}. */
  public boolean isAbout(String qualifiedName) {
    return target.subresource().isEmpty() && target.type().qualifiedName().equals(qualifiedName);
  }
}
