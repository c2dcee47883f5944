package dev.shiplog.api.store;

import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The whole state at one revision. Immutable, cheap to hold; any thread. */
public interface Snapshot {

  /** The last revision that is in it. */
  long revision();

  Optional<StoredObject> get(ObjectKey key);

  /**
   * How many objects a namespace (empty: all of them) holds of a resource. O(log n) or better for
   * all.
   */
  int count(StorageResource resource, String namespace);

  /**
   * Objects of a resource in key order.
   *
   * @param namespace only of this one; empty for all
   * @param afterKey only those whose {@link ObjectKey#text} is greater; empty for all
   */
  Iterator<StoredObject> list(StorageResource resource, String namespace, String afterKey);

  /**
   * Objects by a secondary index.
   *
   * @param index {@link Indexes#OWNER}, {@link Indexes#LABEL}, {@link Indexes#FIELD}, or one that a
   *     commit rule declared
   * @param value what was indexed: an owner uid, {@code key=value} of a label, {@code path=value}
   *     of a field that {@link Indexes#hasField}
   */
  Collection<StoredObject> byIndex(StorageResource resource, String index, String value);

  /**
   * What the objects that {@link #byIndex} finds weigh together, as the commit rule says whose
   * index it is ({@link CommitRule#weighed}). As quick for many objects as for one.
   */
  Map<String, Quantity> total(StorageResource resource, String rule, String value);

  /** The resources of which there is, or was, at least one object. */
  Collection<StorageResource> resources();

  /** Revision of the last change of the resource in this snapshot; 0 if there was none. */
  long lastRevision(StorageResource resource);

  /** Names of the indexes that every resource has. */
  final class Indexes {
    public static final String OWNER = "owner";
    public static final String LABEL = "label";
    public static final String FIELD = "field";

    /** Fields of which nearly all objects say the same, or that nobody asks for alone. */
    private static final Set<String> SHARED =
        Set.of(
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "spec.unschedulable",
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "source",
            "reportingComponent");

    private Indexes() {}

    /**
     * Whether {@link #FIELD} finds the objects whose field has this value. What most objects share
     * is in no index: keeping it up costs each change of an object more than any list gains by it.
     */
    public static boolean hasField(String path, String value) {
      return !value.isEmpty() && !SHARED.contains(path);
    }
  }
}
