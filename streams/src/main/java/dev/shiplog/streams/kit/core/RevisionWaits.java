package dev.shiplog.streams.kit.core;

import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** Keys that wait for views to reach a revision, found by the revision. */
final class RevisionWaits {

  private final Map<StorageResource, TreeMap<Long, List<String>>> waits = new HashMap<>();

  void add(StorageResource resource, long revision, String key) {
    waits
        .computeIfAbsent(resource, r -> new TreeMap<>())
        .computeIfAbsent(revision, r -> new ArrayList<>(1))
        .add(key);
  }

  /** Those that were ever waited for. */
  Set<StorageResource> resources() {
    return waits.keySet();
  }

  /** Takes out the keys that waited for this revision or one before it. */
  List<String> reached(StorageResource resource, long revision) {
    TreeMap<Long, List<String>> ofResource = waits.get(resource);
    if (ofResource == null || ofResource.isEmpty() || ofResource.firstKey() > revision) {
      return List.of();
    }
    NavigableMap<Long, List<String>> reached = ofResource.headMap(revision, true);
    List<String> keys = reached.values().stream().flatMap(List::stream).distinct().toList();
    reached.clear();
    return keys;
  }
}
