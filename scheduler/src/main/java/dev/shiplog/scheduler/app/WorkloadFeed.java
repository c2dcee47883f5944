package dev.shiplog.scheduler.app;

import dev.shiplog.scheduler.model.LabelSelector;
import dev.shiplog.scheduler.model.Workloads;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.ResourceType;

/** Keeps the model's workloads as the views have them. */
record WorkloadFeed(Workloads workloads) {

  void put(ResourceType<?> type, String key, WorkloadObject object) {
    String namespace = ObjectKeys.namespaceOf(key);
    String name = ObjectKeys.nameOf(key);
    if (type.equals(SchedulerResources.SERVICES)) {
      workloads.putService(namespace, name, object.labels());
    } else if (type.equals(SchedulerResources.REPLICATION_CONTROLLERS)) {
      workloads.putOwner(type.kind(), namespace, name, LabelSelector.of(object.labels()));
    } else {
      workloads.putOwner(type.kind(), namespace, name, object.selector());
    }
  }

  void remove(ResourceType<?> type, String key) {
    String namespace = ObjectKeys.namespaceOf(key);
    String name = ObjectKeys.nameOf(key);
    if (type.equals(SchedulerResources.SERVICES)) {
      workloads.removeService(namespace, name);
    } else {
      workloads.removeOwner(type.kind(), namespace, name);
    }
  }
}
