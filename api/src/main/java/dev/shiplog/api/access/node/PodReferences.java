package dev.shiplog.api.access.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what a pod or a volume refers to. Any thread. */
public final class PodReferences {

  private static final String HOSTNAME = "kubernetes.io/hostname";

  private static final List<String> CONTAINERS =
      List.of("containers", "initContainers", "ephemeralContainers");

  private final Set<Reference> found = new HashSet<>();
  private final String namespace;

  private PodReferences(String namespace) {
    this.namespace = namespace;
  }

  /** What a pod needs on its node. */
  public static Set<Reference> ofPod(JsonNode pod, String namespace, String name) {
    PodReferences references = new PodReferences(namespace);
    JsonNode spec = pod.path("spec");
    references.add("serviceaccounts", spec.path("serviceAccountName"));
    spec.path("imagePullSecrets").forEach(one -> references.add("secrets", one.path("name")));
    for (String containers : CONTAINERS) {
      spec.path(containers).forEach(references::container);
    }
    spec.path("volumes").forEach(volume -> references.volume(volume, name));
    return references.found;
  }

  /** The Secrets that a PersistentVolume is mounted with. */
  static Set<Reference> ofVolume(JsonNode volume) {
    JsonNode spec = volume.path("spec");
    PodReferences references =
        new PodReferences(spec.path("claimRef").path("namespace").asText(""));
    spec.forEach(references::secretsOfSource);
    return references.found;
  }

  /** The claim that a PersistentVolume is bound to. */
  static Optional<Reference> claimOf(JsonNode volume) {
    JsonNode claim = volume.at("/spec/claimRef");
    return claim.path("name").isTextual()
        ? Optional.of(
            new Reference(
                "persistentvolumeclaims",
                claim.path("namespace").asText(""),
                claim.path("name").asText("")))
        : Optional.empty();
  }

  /** The nodes by whose names a PersistentVolume says where it lies. */
  static Set<String> nodesOf(JsonNode volume) {
    Set<String> nodes = new HashSet<>();
    for (JsonNode term : volume.at("/spec/nodeAffinity/required/nodeSelectorTerms")) {
      for (JsonNode expression : term.path("matchExpressions")) {
        if (expression.path("key").asText().equals(HOSTNAME)
            && expression.path("operator").asText().equals("In")) {
          expression.path("values").forEach(value -> nodes.add(value.asText()));
        }
      }
    }
    return nodes;
  }

  private void container(JsonNode container) {
    for (JsonNode variable : container.path("env")) {
      add("secrets", variable.at("/valueFrom/secretKeyRef/name"));
      add("configmaps", variable.at("/valueFrom/configMapKeyRef/name"));
    }
    for (JsonNode source : container.path("envFrom")) {
      add("secrets", source.at("/secretRef/name"));
      add("configmaps", source.at("/configMapRef/name"));
    }
  }

  private void volume(JsonNode volume, String pod) {
    add("secrets", volume.at("/secret/secretName"));
    add("configmaps", volume.at("/configMap/name"));
    add("persistentvolumeclaims", volume.at("/persistentVolumeClaim/claimName"));
    if (volume.has("ephemeral")) {
      String claim = pod + "-" + volume.path("name").asText();
      found.add(new Reference("persistentvolumeclaims", namespace, claim));
    }
    for (JsonNode source : volume.at("/projected/sources")) {
      add("secrets", source.at("/secret/name"));
      add("configmaps", source.at("/configMap/name"));
    }
    volume.forEach(this::secretsOfSource);
  }

  /** The kinds of volumes name the Secret they are mounted with in a handful of ways. */
  private void secretsOfSource(JsonNode source) {
    for (String field :
        List.of(
            "secretRef",
            "nodePublishSecretRef",
            "nodeStageSecretRef",
            "nodeExpandSecretRef",
            "controllerPublishSecretRef",
            "controllerExpandSecretRef")) {
      JsonNode reference = source.path(field);
      JsonNode where = reference.path("namespace");
      if (where.isTextual()) {
        found.add(new Reference("secrets", where.asText(), reference.path("name").asText()));
      } else {
        add("secrets", reference.path("name"));
      }
    }
    if (source.has("secretNamespace")) {
      found.add(
          new Reference(
              "secrets",
              source.path("secretNamespace").asText(),
              source.path("secretName").asText()));
    } else if (source.has("shareName")) {
      add("secrets", source.path("secretName"));
    }
  }

  private void add(String kind, JsonNode name) {
    if (name.isTextual() && !name.asText().isEmpty()) {
      found.add(new Reference(kind, namespace, name.asText()));
    }
  }
}
