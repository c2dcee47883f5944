package dev.shiplog.streams.kit;

import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.stream.Stream;

/** Every resource that Kubernetes stores by itself, for those who look at all objects there are. */
public final class BuiltInResources {

  private static final List<ResourceType<?>> TYPED =
      List.of(
          ResourceTypes.CONFIG_MAPS,
          ResourceTypes.ENDPOINTS,
          ResourceTypes.NAMESPACES,
          ResourceTypes.NODES,
          ResourceTypes.PERSISTENT_VOLUMES,
          ResourceTypes.PERSISTENT_VOLUME_CLAIMS,
          ResourceTypes.PODS,
          ResourceTypes.REPLICATION_CONTROLLERS,
          ResourceTypes.RESOURCE_QUOTAS,
          ResourceTypes.SECRETS,
          ResourceTypes.SERVICES,
          ResourceTypes.SERVICE_ACCOUNTS,
          ResourceTypes.CONTROLLER_REVISIONS,
          ResourceTypes.DAEMON_SETS,
          ResourceTypes.DEPLOYMENTS,
          ResourceTypes.REPLICA_SETS,
          ResourceTypes.STATEFUL_SETS,
          ResourceTypes.JOBS,
          ResourceTypes.CRON_JOBS,
          ResourceTypes.HORIZONTAL_POD_AUTOSCALERS,
          ResourceTypes.CERTIFICATE_SIGNING_REQUESTS,
          ResourceTypes.LEASES,
          ResourceTypes.ENDPOINT_SLICES,
          ResourceTypes.POD_DISRUPTION_BUDGETS,
          ResourceTypes.CLUSTER_ROLES,
          ResourceTypes.PRIORITY_CLASSES,
          ResourceTypes.STORAGE_CLASSES,
          ResourceTypes.CSI_DRIVERS,
          ResourceTypes.VOLUME_ATTACHMENTS);

  /** Of these nobody reads more than metadata. */
  private static final List<ResourceType<?>> LIGHT =
      List.of(
          light("events", "", "v1", "Event", true),
          light("limitranges", "", "v1", "LimitRange", true),
          light("podtemplates", "", "v1", "PodTemplate", true),
          light(
              "mutatingadmissionpolicies",
              "admissionregistration.k8s.io",
              "v1",
              "MutatingAdmissionPolicy",
              false),
          light(
              "mutatingadmissionpolicybindings",
              "admissionregistration.k8s.io",
              "v1",
              "MutatingAdmissionPolicyBinding",
              false),
          light(
              "mutatingwebhookconfigurations",
              "admissionregistration.k8s.io",
              "v1",
              "MutatingWebhookConfiguration",
              false),
          light(
              "validatingadmissionpolicybindings",
              "admissionregistration.k8s.io",
              "v1",
              "ValidatingAdmissionPolicyBinding",
              false),
          light(
              "validatingwebhookconfigurations",
              "admissionregistration.k8s.io",
              "v1",
              "ValidatingWebhookConfiguration",
              false),
          light(
              "customresourcedefinitions",
              "apiextensions.k8s.io",
              "v1",
              "CustomResourceDefinition",
              false),
          light(
              "validatingadmissionpolicies",
              "admissionregistration.k8s.io",
              "v1",
              "ValidatingAdmissionPolicy",
              false),
          light("apiservices", "apiregistration.k8s.io", "v1", "APIService", false),
          light("flowschemas", "flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", false),
          light(
              "prioritylevelconfigurations",
              "flowcontrol.apiserver.k8s.io",
              "v1",
              "PriorityLevelConfiguration",
              false),
          light("ingressclasses", "networking.k8s.io", "v1", "IngressClass", false),
          light("ingresses", "networking.k8s.io", "v1", "Ingress", true),
          light("ipaddresses", "networking.k8s.io", "v1", "IPAddress", false),
          light("networkpolicies", "networking.k8s.io", "v1", "NetworkPolicy", true),
          light("servicecidrs", "networking.k8s.io", "v1", "ServiceCIDR", false),
          light("runtimeclasses", "node.k8s.io", "v1", "RuntimeClass", false),
          light(
              "clusterrolebindings",
              "rbac.authorization.k8s.io",
              "v1",
              "ClusterRoleBinding",
              false),
          light("rolebindings", "rbac.authorization.k8s.io", "v1", "RoleBinding", true),
          light("roles", "rbac.authorization.k8s.io", "v1", "Role", true),
          light("deviceclasses", "resource.k8s.io", "v1", "DeviceClass", false),
          light("resourceclaims", "resource.k8s.io", "v1", "ResourceClaim", true),
          light("resourceclaimtemplates", "resource.k8s.io", "v1", "ResourceClaimTemplate", true),
          light("resourceslices", "resource.k8s.io", "v1", "ResourceSlice", false),
          light("csinodes", "storage.k8s.io", "v1", "CSINode", false),
          light("csistoragecapacities", "storage.k8s.io", "v1", "CSIStorageCapacity", true),
          ResourceTypes.VOLUME_ATTRIBUTES_CLASSES);

  private BuiltInResources() {}

  /** All of them, each in the one way it is read. */
  public static List<ResourceType<?>> all() {
    return Stream.concat(TYPED.stream(), LIGHT.stream()).toList();
  }

  private static ResourceType<MetadataOnly> light(
      String plural, String group, String version, String kind, boolean namespaced) {
    return ResourceType.metadataOnly(StorageResource.of(plural, group), version, kind, namespaced);
  }
}
