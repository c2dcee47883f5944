package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Map;
import java.util.Set;

/** The table of what is particular to resources. Immutable; any thread. */
public final class Registry {

  private static final ResourceRules STARTS_PENDING =
      new ResourceRules() {
        @Override
        public void prepareForCreate(ObjectNode object) {
          object.putObject("status").put("phase", "Pending");
        }
      };

  /** What was asked for is what was decided about, so it stays as it was, whatever is sent. */
  private static final ResourceRules KEEPS_SPEC =
      new ResourceRules() {
        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode before) {
          Meta.copyField(before, object, "spec");
        }
      };

  private static final Map<String, ResourceRules> RULES =
      Map.of(
          "pods", new PodRules(),
          "services", new ServiceRules(),
          "namespaces", new NamespaceRules(),
          "jobs.batch", new JobRules(),
          "customresourcedefinitions.apiextensions.k8s.io", new DefinitionRules(),
          "certificatesigningrequests.certificates.k8s.io", KEEPS_SPEC,
          "persistentvolumes", STARTS_PENDING,
          "persistentvolumeclaims", STARTS_PENDING);

  /** Those whose {@code metadata.generation} counts the changes of what is wanted. */
  private static final Set<String> WITH_GENERATION =
      Set.of(
          "pods",
          "replicationcontrollers",
          "daemonsets.apps",
          "deployments.apps",
          "replicasets.apps",
          "statefulsets.apps",
          "cronjobs.batch",
          "jobs.batch",
          "poddisruptionbudgets.policy",
          "ingresses.networking.k8s.io",
          "ingressclasses.networking.k8s.io",
          "networkpolicies.networking.k8s.io",
          "servicecidrs.networking.k8s.io",
          "flowschemas.flowcontrol.apiserver.k8s.io",
          "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
          "priorityclasses.scheduling.k8s.io",
          "endpointslices.discovery.k8s.io",
          "customresourcedefinitions.apiextensions.k8s.io",
          "mutatingadmissionpolicies.admissionregistration.k8s.io",
          "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
          "mutatingwebhookconfigurations.admissionregistration.k8s.io",
          "validatingadmissionpolicies.admissionregistration.k8s.io",
          "validatingadmissionpolicybindings.admissionregistration.k8s.io",
          "validatingwebhookconfigurations.admissionregistration.k8s.io",
          "deviceclasses.resource.k8s.io",
          "resourceslices.resource.k8s.io");

  /** Those of which a deletion answers with the deleted object and not with a Status. */
  private static final Set<String> DELETION_ANSWERS_WITH_OBJECT =
      Set.of(
          "persistentvolumes",
          "persistentvolumeclaims",
          "pods",
          "podtemplates",
          "resourcequotas",
          "serviceaccounts",
          "services");

  private final FieldTable fields = new FieldTable();

  public ResourceRules rules(StorageResource resource) {
    return resource.uid().isEmpty()
        ? RULES.getOrDefault(resource.qualifiedName(), ResourceRules.NONE)
        : ResourceRules.NONE;
  }

  public boolean hasGeneration(StorageResource resource) {
    return !resource.uid().isEmpty() || WITH_GENERATION.contains(resource.qualifiedName());
  }

  /** Whether the status a new object comes with is kept: a node reports about itself at once. */
  public boolean keepsInitialStatus(StorageResource resource) {
    return resource.qualifiedName().equals("nodes");
  }

  public boolean answersDeletionWithObject(StorageResource resource) {
    return DELETION_ANSWERS_WITH_OBJECT.contains(resource.qualifiedName());
  }

  public FieldTable fields() {
    return fields;
  }
}
