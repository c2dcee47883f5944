package dev.shiplog.scheduler.app;

import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.Set;

/**
 * The resources the scheduler follows, read into classes of its own: at a thousand changes a second
 * it matters to read of each object only what is needed, and to hold nothing else.
 */
final class SchedulerResources {

  static final ResourceType<PodObject> PODS =
      new ResourceType<>(StorageResource.of("pods", ""), "v1", "Pod", true, PodObject.class);
  static final ResourceType<NodeObject> NODES =
      new ResourceType<>(StorageResource.of("nodes", ""), "v1", "Node", false, NodeObject.class);
  static final ResourceType<LabelledObject> NAMESPACES =
      new ResourceType<>(
          StorageResource.of("namespaces", ""), "v1", "Namespace", false, LabelledObject.class);
  static final ResourceType<BudgetObject> BUDGETS =
      new ResourceType<>(
          StorageResource.of("poddisruptionbudgets", "policy"),
          "v1",
          "PodDisruptionBudget",
          true,
          BudgetObject.class);
  static final ResourceType<VolumeObject> CLAIMS =
      volumes("persistentvolumeclaims", "", "PersistentVolumeClaim", true);
  static final ResourceType<VolumeObject> VOLUMES =
      volumes("persistentvolumes", "", "PersistentVolume", false);
  static final ResourceType<VolumeObject> STORAGE_CLASSES =
      volumes("storageclasses", "storage.k8s.io", "StorageClass", false);
  static final ResourceType<VolumeObject> CSI_DRIVERS =
      volumes("csidrivers", "storage.k8s.io", "CSIDriver", false);
  static final ResourceType<VolumeObject> CSI_NODES =
      volumes("csinodes", "storage.k8s.io", "CSINode", false);
  static final ResourceType<VolumeObject> CSI_CAPACITIES =
      volumes("csistoragecapacities", "storage.k8s.io", "CSIStorageCapacity", true);
  static final ResourceType<WorkloadObject> SERVICES = workload("services", "", "Service");
  static final ResourceType<WorkloadObject> REPLICATION_CONTROLLERS =
      workload("replicationcontrollers", "", "ReplicationController");
  static final ResourceType<WorkloadObject> REPLICA_SETS =
      workload("replicasets", "apps", "ReplicaSet");
  static final ResourceType<WorkloadObject> STATEFUL_SETS =
      workload("statefulsets", "apps", "StatefulSet");

  /** All that has to do with volumes. */
  static final List<ResourceType<VolumeObject>> VOLUME_RESOURCES =
      List.of(CLAIMS, VOLUMES, STORAGE_CLASSES, CSI_DRIVERS, CSI_NODES, CSI_CAPACITIES);

  private SchedulerResources() {}

  static Set<ResourceType<?>> all() {
    return Set.of(
        PODS,
        NODES,
        NAMESPACES,
        BUDGETS,
        CLAIMS,
        VOLUMES,
        STORAGE_CLASSES,
        CSI_DRIVERS,
        CSI_NODES,
        CSI_CAPACITIES,
        SERVICES,
        REPLICATION_CONTROLLERS,
        REPLICA_SETS,
        STATEFUL_SETS);
  }

  private static ResourceType<VolumeObject> volumes(
      String plural, String group, String kind, boolean namespaced) {
    return new ResourceType<>(
        StorageResource.of(plural, group), "v1", kind, namespaced, VolumeObject.class);
  }

  private static ResourceType<WorkloadObject> workload(String plural, String group, String kind) {
    return new ResourceType<>(
        StorageResource.of(plural, group), "v1", kind, true, WorkloadObject.class);
  }
}
