package dev.shiplog.scheduler.model;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which pods are in which group. Belongs to the scheduling thread. */
final class PodGroups {

  private final Map<String, Set<String>> members = new HashMap<>();

  /** Keys of the pods of a group, sorted. A live view. */
  Set<String> of(String groupKey) {
    return Collections.unmodifiableSet(members.getOrDefault(groupKey, Set.of()));
  }

  /** A pod came, changed or went; null where it was or is not there. */
  void change(Pod before, Pod after) {
    String left = before == null ? "" : before.groupKey();
    String joined = after == null ? "" : after.groupKey();
    if (left.equals(joined)) {
      return;
    }
    if (!left.isEmpty()) {
      members.computeIfPresent(
          left, (key, pods) -> pods.remove(before.key()) && pods.isEmpty() ? null : pods);
    }
    if (!joined.isEmpty()) {
      members.computeIfAbsent(joined, key -> new TreeSet<>()).add(after.key());
    }
  }
}
