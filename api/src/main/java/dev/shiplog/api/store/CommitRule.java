package dev.shiplog.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A rule that must hold over the whole state, so that only the one thread that decides can check
 * it: uniqueness, quota, allocation of addresses, no creation in a namespace that terminates.
 * Called on that thread for every proposed change of its resources: it must be fast, must not
 * block, and reads nothing but its arguments.
 */
public interface CommitRule {

  /** Whether the rule looks at changes of this resource. */
  boolean concerns(StorageResource resource);

  /**
   * Values by which this rule finds objects of the resource again, under {@link #name} as the index
   * of {@link Snapshot#byIndex}. Must be a pure function of the object.
   */
  default Collection<String> indexed(StorageResource resource, ObjectNode object) {
    return List.of();
  }

  /**
   * Amounts of an object that {@link Snapshot#total} adds up for each of its {@link #indexed}
   * values, so that a check need not look at all objects of a value. Must be a pure function of the
   * object.
   */
  default Map<String, Quantity> weighed(StorageResource resource, ObjectNode object) {
    return Map.of();
  }

  /**
   * Whether {@link #check} may change objects of this resource. Where no rule does, the object is
   * encoded before it reaches the deciding thread, and what a check changes is lost: a rule that
   * only refuses says false here, and costs the deciding thread least.
   */
  default boolean completes(StorageResource resource) {
    return true;
  }

  /** The rule's name, which is its index's name too. */
  String name();

  /**
   * Checks a change, and may complete the object (an address, say).
   *
   * @param state all that was decided so far, whether applied or pending
   * @param before null for a creation
   * @param after null for a deletion; may be changed in place, if {@link #completes}
   * @throws dev.shiplog.api.status.ApiFailure to refuse the whole transaction
   */
  void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after);

  /**
   * Says what else changes in the same transaction: what is counted, say. Called once for a
   * transaction, after each of its changes was checked; what it returns is committed with them, or
   * nothing is. It is not checked by any rule again.
   *
   * @param state all that was decided so far, and the changes themselves
   * @param changes those that really change something
   * @return objects other than the changed ones, each at most once; new ones with their uid and
   *     time of creation
   * @throws dev.shiplog.api.status.ApiFailure to refuse the whole transaction
   */
  default List<Amendment> amend(Snapshot state, List<Changed> changes) {
    return List.of();
  }

  /**
   * A change of a transaction.
   *
   * @param before null for a creation
   * @param after null for a deletion; not to be changed
   */
  record Changed(ObjectKey key, StoredObject before, ObjectNode after) {}

  /**
   * What an object becomes because others change.
   *
   * @param key of an object that is stored, or of one that is to be
   * @param after null if the object goes
   */
  record Amendment(ObjectKey key, ObjectNode after) {}
}
