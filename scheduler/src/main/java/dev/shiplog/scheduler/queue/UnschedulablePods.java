package dev.shiplog.scheduler.queue;

import dev.shiplog.scheduler.model.PodShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pods that wait for a change, grouped by shape. One thread. */
final class UnschedulablePods {

  private final Map<PodShape, Map<String, QueuedPod>> byShape = new LinkedHashMap<>();
  private int size;

  int size() {
    return size;
  }

  void add(QueuedPod queued) {
    byShape
        .computeIfAbsent(queued.pod().shape(), shape -> new LinkedHashMap<>())
        .put(queued.pod().key(), queued);
    size++;
  }

  void remove(QueuedPod queued) {
    PodShape shape = queued.pod().shape();
    Map<String, QueuedPod> group = byShape.get(shape);
    group.remove(queued.pod().key());
    size--;
    if (group.isEmpty()) {
      byShape.remove(shape);
    }
  }

  List<QueuedPod> helpedBy(WakeUp wakeUp) {
    List<QueuedPod> helped = new ArrayList<>();
    byShape.forEach((shape, group) -> {
      if (wakeUp.helps(shape)) {
        helped.addAll(group.values());
      } else {
        group.values().stream()
            .filter(queued -> !queued.rejectedBy().isEmpty())
            .filter(wakeUp::helps)
            .forEach(helped::add);
      }
    });
    return helped;
  }

  List<QueuedPod> queuedBefore(long ms) {
    return byShape.values().stream()
        .flatMap(group -> group.values().stream())
        .filter(queued -> queued.queuedMs() <= ms)
        .toList();
  }
}
