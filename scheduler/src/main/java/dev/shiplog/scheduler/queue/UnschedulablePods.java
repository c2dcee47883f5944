package dev.shiplog.scheduler.queue;

import dev.shiplog.scheduler.model.PodShape;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pods that wait for a change. Grouped by shape, since most changes help all pods of a shape or
 * none, and those that a cluster filter turned down are held once more by themselves, so that the
 * others need not be looked at one by one. One thread.
 */
final class UnschedulablePods {

  private final Map<PodShape, Map<String, QueuedPod>> byShape = new LinkedHashMap<>();
  private final Map<String, QueuedPod> rejectedByClusterFilters = new LinkedHashMap<>();
  private int size;

  int size() {
    return size;
  }

  void add(QueuedPod queued) {
    String key = queued.pod().key();
    byShape.computeIfAbsent(queued.pod().shape(), shape -> new LinkedHashMap<>()).put(key, queued);
    if (!queued.rejectedBy().isEmpty()) {
      rejectedByClusterFilters.put(key, queued);
    }
    size++;
  }

  void remove(QueuedPod queued) {
    PodShape shape = queued.pod().shape();
    Map<String, QueuedPod> group = byShape.get(shape);
    group.remove(queued.pod().key());
    rejectedByClusterFilters.remove(queued.pod().key());
    size--;
    if (group.isEmpty()) {
      byShape.remove(shape);
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
    return byShape.values().stream()
        .flatMap(group -> group.values().stream())
        .filter(queued -> queued.queuedMs() <= ms)
        .toList();
  }
}
