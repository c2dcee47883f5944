package dev.shiplog.scheduler.queue;

import dev.shiplog.scheduler.model.PodShape;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pods that wait for a change. Those that shape filters turned down are grouped by shape, since
 * most changes help all pods of a shape or none; those that a cluster filter turned down are held
 * by themselves, so that the others need not be looked at one by one. One thread.
 */
final class UnschedulablePods {

  private final Map<String, QueuedPod> all = new LinkedHashMap<>();
  private final Map<PodShape, Map<String, QueuedPod>> byShape = new LinkedHashMap<>();
  private final Map<String, QueuedPod> rejectedByClusterFilters = new LinkedHashMap<>();

  int size() {
    return all.size();
  }

  void add(QueuedPod queued) {
    String key = queued.pod().key();
    all.put(key, queued);
    if (queued.rejectedByShape()) {
      byShape
          .computeIfAbsent(queued.pod().shape(), shape -> new LinkedHashMap<>())
          .put(key, queued);
    }
    if (!queued.rejectedBy().isEmpty()) {
      rejectedByClusterFilters.put(key, queued);
    }
  }

  void remove(QueuedPod queued) {
    String key = queued.pod().key();
    all.remove(key);
    rejectedByClusterFilters.remove(key);
    Map<String, QueuedPod> group = byShape.get(queued.pod().shape());
    if (group != null) {
      group.remove(key);
      if (group.isEmpty()) {
        byShape.remove(queued.pod().shape());
      }
    }
  }

  Collection<QueuedPod> helpedBy(WakeUp wakeUp) {
    Set<QueuedPod> helped = new LinkedHashSet<>();
    byShape.forEach((shape, group) -> {
      if (wakeUp.helps(shape)) {
        helped.addAll(group.values());
      }
    });
    for (QueuedPod queued : rejectedByClusterFilters.values()) {
      if (!helped.contains(queued) && wakeUp.helps(queued)) {
        helped.add(queued);
      }
    }
    return helped;
  }

  List<QueuedPod> queuedBefore(long ms) {
    return all.values().stream().filter(queued -> queued.queuedMs() <= ms).toList();
  }
}
