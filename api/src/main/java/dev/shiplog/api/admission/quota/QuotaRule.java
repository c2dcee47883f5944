package dev.shiplog.api.admission.quota;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The admission plug-in ResourceQuota, where commits are decided. A change that uses more, or less,
 * of a quota changes the quota's {@code status.used} in the same transaction; one that would exceed
 * it is refused. What a quota that is new, or counts something new, is used by already is counted
 * in the commit that makes it so.
 *
 * <p>So {@code status.used} is written here alone; what clients write there does not count.
 */
public final class QuotaRule implements CommitRule {

  public static final String NAME = "ResourceQuota";
  static final StorageResource QUOTAS = StorageResource.of("resourcequotas", "");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean concerns(StorageResource resource) {
    return resource.equals(QUOTAS);
  }

  @Override
  public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
    if (after == null) {
      return;
    }
    Quota quota = Quota.of(key, after);
    ObjectNode status = Trees.child(after, "status");
    ObjectNode old = before == null ? null : before.tree();
    boolean asks = old == null || !Quota.hardOf(old).equals(Quota.hardOf(after));
    if (asks) {
      ObjectNode hard = status.putObject("hard");
      quota.hard().forEach((name, amount) -> hard.put(name, amount.toString()));
    }
    Map<String, Quantity> known = old == null ? Map.of() : Quota.of(key, old).used();
    Quota.write(status, asks ? Recount.of(quota, known, before == null, state) : known);
  }

  @Override
  public List<Amendment> amend(Snapshot state, List<Changed> changes) {
    if (state.count(QUOTAS, "") == 0) {
      return List.of();
    }
    Map<String, List<Changed>> byNamespace = new HashMap<>();
    for (Changed change : changes) {
      String namespace = change.key().namespace();
      if (!namespace.isEmpty() && matters(change)) {
        byNamespace.computeIfAbsent(namespace, n -> new ArrayList<>()).add(change);
      }
    }
    List<Amendment> amendments = new ArrayList<>();
    byNamespace.forEach((namespace, changed) -> amend(state, namespace, changed, amendments));
    return amendments;
  }

  private static boolean matters(Changed change) {
    return change.before() == null
        || change.after() == null
        || Usage.mayChange(change.key().resource());
  }

  private static void amend(
      Snapshot state, String namespace, List<Changed> changes, List<Amendment> amendments) {
    Iterator<StoredObject> quotas = state.list(QUOTAS, namespace, "");
    if (!quotas.hasNext()) {
      return;
    }
    List<Use> uses = changes.stream().map(Use::of).toList();
    while (quotas.hasNext()) {
      StoredObject stored = quotas.next();
      Charge charge = new Charge(Quota.of(stored.key(), stored.tree()));
      for (Use use : uses) {
        charge.add(use);
      }
      charge.amendment().ifPresent(amendments::add);
    }
  }

  /** A change as what was used before and is used after it. */
  record Use(ObjectKey key, Usage before, Usage after, boolean creates) {

    static Use of(Changed change) {
      StorageResource resource = change.key().resource();
      return new Use(
          change.key(),
          change.before() == null ? Usage.NONE : Usage.of(resource, change.before().tree()),
          Usage.of(resource, change.after()),
          change.before() == null);
    }
  }
}
