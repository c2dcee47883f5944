package dev.shiplog.api.admission.quota;

import dev.shiplog.api.admission.Listed;
import dev.shiplog.api.admission.limits.Amounts;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts what a namespace holds for a quota that did not count it before. It looks at every object
 * of the kinds in question, once in the life of a quota; what only counts objects looks at none.
 */
final class Recount {

  private static final String COUNT = "count/";

  private Recount() {}

  /**
   * What is used of each resource the quota names.
   *
   * @param known what was counted before, and holds on
   * @param isNew whether the quota is not in the state yet, and counts itself
   */
  static Map<String, Quantity> of(
      Quota quota, Map<String, Quantity> known, boolean isNew, Snapshot state) {
    Map<String, Quantity> used = new TreeMap<>();
    Set<String> unknown = new HashSet<>();
    for (String name : quota.hard().keySet()) {
      Quantity before = known.get(name);
      used.put(name, before == null ? Usage.count(0) : before);
      if (before == null) {
        unknown.add(name);
      }
    }
    if (!unknown.isEmpty()) {
      add(quota, unknown, isNew, state, used);
    }
    return used;
  }

  private static void add(
      Quota quota, Set<String> unknown, boolean isNew, Snapshot state, Map<String, Quantity> used) {
    Map<String, Quantity> found = new TreeMap<>();
    for (StorageResource resource : state.resources()) {
      if (Usage.looksInto().contains(resource.qualifiedName())) {
        Listed.in(state, resource, quota.key().namespace())
            .forEach(
                object -> Amounts.add(found, quota.counted(Usage.of(resource, object.tree()))));
      } else if (quota.scopes().terms().isEmpty()) {
        count(resource, quota, state, found);
      }
    }
    if (isNew && quota.scopes().terms().isEmpty()) {
      Amounts.add(
          found, Map.of("resourcequotas", Usage.count(1), "count/resourcequotas", Usage.count(1)));
    }
    unknown.stream().filter(found::containsKey).forEach(name -> used.put(name, found.get(name)));
  }

  private static void count(
      StorageResource resource, Quota quota, Snapshot state, Map<String, Quantity> found) {
    String name = resource.qualifiedName();
    if (quota.hard().containsKey(COUNT + name) || quota.hard().containsKey(name)) {
      Quantity number = Usage.count(state.count(resource, quota.key().namespace()));
      Amounts.add(found, Map.of(COUNT + name, number, name, number));
    }
  }
}
