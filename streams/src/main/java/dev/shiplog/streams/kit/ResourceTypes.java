package dev.shiplog.streams.kit;

import dev.shiplog.topics.catalogue.StorageResource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;

/**
 * The resources that are read as typed objects. A process reads each resource in one way only, so
 * that it is held once: whoever wants one of these uses the constant.
 */
public final class ResourceTypes {

  /** The ConfigMap in each namespace that holds the cluster's authority. */
  public static final String ROOT_CA_CONFIG_MAP = "kube-root-ca.crt";

  /** Contents are held of the one above alone: others' may be large and many. */
  public static final ResourceType<ConfigMap> CONFIG_MAPS =
      core("configmaps", "ConfigMap", true, ConfigMap.class)
          .trimmedBy(ResourceTypes::withoutContents);

  public static final ResourceType<Endpoints> ENDPOINTS =
      core("endpoints", "Endpoints", true, Endpoints.class);

  /** They are many, and nobody reads more than metadata. */
  public static final ResourceType<Event> EVENTS =
      core("events", "Event", true, Event.class).trimmedBy(ResourceTypes::withoutWords);

  public static final ResourceType<Namespace> NAMESPACES =
      core("namespaces", "Namespace", false, Namespace.class);
  public static final ResourceType<Node> NODES = core("nodes", "Node", false, Node.class);
  public static final ResourceType<PersistentVolume> PERSISTENT_VOLUMES =
      core("persistentvolumes", "PersistentVolume", false, PersistentVolume.class);
  public static final ResourceType<PersistentVolumeClaim> PERSISTENT_VOLUME_CLAIMS =
      core("persistentvolumeclaims", "PersistentVolumeClaim", true, PersistentVolumeClaim.class);
  public static final ResourceType<Pod> PODS = core("pods", "Pod", true, Pod.class);
  public static final ResourceType<ReplicationController> REPLICATION_CONTROLLERS =
      core("replicationcontrollers", "ReplicationController", true, ReplicationController.class);
  public static final ResourceType<ResourceQuota> RESOURCE_QUOTAS =
      core("resourcequotas", "ResourceQuota", true, ResourceQuota.class);

  /** Without their content, which is no business of controllers, and may be encrypted. */
  public static final ResourceType<MetadataOnly> SECRETS =
      core("secrets", "Secret", true, MetadataOnly.class);

  public static final ResourceType<Service> SERVICES =
      core("services", "Service", true, Service.class);
  public static final ResourceType<ServiceAccount> SERVICE_ACCOUNTS =
      core("serviceaccounts", "ServiceAccount", true, ServiceAccount.class);

  public static final ResourceType<ControllerRevision> CONTROLLER_REVISIONS =
      of("controllerrevisions", "apps", "v1", "ControllerRevision", true, ControllerRevision.class);
  public static final ResourceType<DaemonSet> DAEMON_SETS =
      of("daemonsets", "apps", "v1", "DaemonSet", true, DaemonSet.class);
  public static final ResourceType<Deployment> DEPLOYMENTS =
      of("deployments", "apps", "v1", "Deployment", true, Deployment.class);
  public static final ResourceType<ReplicaSet> REPLICA_SETS =
      of("replicasets", "apps", "v1", "ReplicaSet", true, ReplicaSet.class);
  public static final ResourceType<StatefulSet> STATEFUL_SETS =
      of("statefulsets", "apps", "v1", "StatefulSet", true, StatefulSet.class);
  public static final ResourceType<Job> JOBS = of("jobs", "batch", "v1", "Job", true, Job.class);
  public static final ResourceType<CronJob> CRON_JOBS =
      of("cronjobs", "batch", "v1", "CronJob", true, CronJob.class);
  public static final ResourceType<HorizontalPodAutoscaler> HORIZONTAL_POD_AUTOSCALERS =
      of(
          "horizontalpodautoscalers",
          "autoscaling",
          "v2",
          "HorizontalPodAutoscaler",
          true,
          HorizontalPodAutoscaler.class);
  public static final ResourceType<CertificateSigningRequest> CERTIFICATE_SIGNING_REQUESTS =
      of(
          "certificatesigningrequests",
          "certificates.k8s.io",
          "v1",
          "CertificateSigningRequest",
          false,
          CertificateSigningRequest.class);
  public static final ResourceType<Lease> LEASES =
      of("leases", "coordination.k8s.io", "v1", "Lease", true, Lease.class);
  public static final ResourceType<EndpointSlice> ENDPOINT_SLICES =
      of("endpointslices", "discovery.k8s.io", "v1", "EndpointSlice", true, EndpointSlice.class);
  public static final ResourceType<PodDisruptionBudget> POD_DISRUPTION_BUDGETS =
      of(
          "poddisruptionbudgets",
          "policy",
          "v1",
          "PodDisruptionBudget",
          true,
          PodDisruptionBudget.class);
  public static final ResourceType<ClusterRole> CLUSTER_ROLES =
      of(
          "clusterroles",
          "rbac.authorization.k8s.io",
          "v1",
          "ClusterRole",
          false,
          ClusterRole.class);
  public static final ResourceType<PriorityClass> PRIORITY_CLASSES =
      of("priorityclasses", "scheduling.k8s.io", "v1", "PriorityClass", false, PriorityClass.class);
  public static final ResourceType<StorageClass> STORAGE_CLASSES =
      of("storageclasses", "storage.k8s.io", "v1", "StorageClass", false, StorageClass.class);
  public static final ResourceType<CSIDriver> CSI_DRIVERS =
      of("csidrivers", "storage.k8s.io", "v1", "CSIDriver", false, CSIDriver.class);
  public static final ResourceType<VolumeAttachment> VOLUME_ATTACHMENTS =
      of(
          "volumeattachments",
          "storage.k8s.io",
          "v1",
          "VolumeAttachment",
          false,
          VolumeAttachment.class);

  /** Of these nobody reads more than metadata. */
  public static final ResourceType<MetadataOnly> VOLUME_ATTRIBUTES_CLASSES =
      ResourceType.metadataOnly(
          StorageResource.of("volumeattributesclasses", "storage.k8s.io"),
          "v1",
          "VolumeAttributesClass",
          false);

  private ResourceTypes() {}

  private static ConfigMap withoutContents(ConfigMap map) {
    if (!ROOT_CA_CONFIG_MAP.equals(map.getMetadata().getName())) {
      map.setData(null);
      map.setBinaryData(null);
    }
    return map;
  }

  private static Event withoutWords(Event event) {
    return new EventBuilder().withMetadata(event.getMetadata()).build();
  }

  private static <T extends HasMetadata> ResourceType<T> core(
      String plural, String kind, boolean namespaced, Class<T> javaType) {
    return of(plural, "", "v1", kind, namespaced, javaType);
  }

  private static <T extends HasMetadata> ResourceType<T> of(
      String plural,
      String group,
      String version,
      String kind,
      boolean namespaced,
      Class<T> javaType) {
    return new ResourceType<>(
        StorageResource.of(plural, group), version, kind, namespaced, javaType);
  }
}
