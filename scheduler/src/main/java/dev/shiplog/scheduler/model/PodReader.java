package dev.shiplog.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a v1 Pod as it is stored. */
public final class PodReader {

  private static final String DEFAULT_SCHEDULER = "default-scheduler";

  private PodReader() {}

  /**
   * Reads a pod.
   *
   * @throws IllegalArgumentException if a field holds what no valid object can
   */
  public static Pod read(JsonNode pod) {
    JsonNode metadata = pod.path("metadata");
    JsonNode spec = pod.path("spec");
    Map<String, String> labels = Fields.strings(metadata.path("labels"));
    String phase = pod.path("status").path("phase").asText();
    return new Pod(
        metadata.path("namespace").asText(),
        metadata.path("name").asText(),
        metadata.path("uid").asText(),
        metadata.path("resourceVersion").asLong(),
        labels,
        spec.path("priority").asInt(),
        spec.path("schedulerName").asText(DEFAULT_SCHEDULER),
        spec.path("nodeName").asText(),
        !spec.path("schedulingGates").isEmpty(),
        metadata.hasNonNull("deletionTimestamp"),
        phase.equals("Succeeded") || phase.equals("Failed"),
        Fields.controller(metadata),
        shape(spec),
        Fields.list(
            spec.path("topologySpreadConstraints"), constraint -> spread(constraint, labels)),
        new AffinityReader(metadata.path("namespace").asText(), labels).read(spec.path("affinity")),
        images(spec),
        claims(spec, metadata.path("name").asText()),
        Disk.of(spec),
        Fields.list(spec.path("resourceClaims"), claim -> claim.path("name").asText()),
        group(labels, metadata.path("annotations")),
        preemption(pod),
        waiting(pod.path("status")));
  }

  private static PodImages images(JsonNode spec) {
    List<String> names = new ArrayList<>(2);
    for (JsonNode container : spec.path("initContainers")) {
      names.add(PodImages.normalized(container.path("image").asText()));
    }
    for (JsonNode container : spec.path("containers")) {
      names.add(PodImages.normalized(container.path("image").asText()));
    }
    return new PodImages(names);
  }

  /** The claim of an ephemeral volume bears the pod's name and the volume's. */
  private static List<String> claims(JsonNode spec, String podName) {
    List<String> claims = List.of();
    for (JsonNode volume : spec.path("volumes")) {
      JsonNode claim = volume.path("persistentVolumeClaim");
      if (claim.isObject() || volume.path("ephemeral").isObject()) {
        claims = claims.isEmpty() ? new ArrayList<>() : claims;
        claims.add(
            claim.isObject()
                ? claim.path("claimName").asText()
                : podName + "-" + volume.path("name").asText());
      }
    }
    return claims;
  }

  private static PodGroup group(Map<String, String> labels, JsonNode annotations) {
    String name = labels.getOrDefault(PodGroup.NAME, "");
    if (name.isEmpty()) {
      return null;
    }
    JsonNode timeout = annotations.path(PodGroup.TIMEOUT_SECONDS);
    return new PodGroup(
        name,
        (int) number(annotations.path(PodGroup.MIN), PodGroup.MIN, Integer.MAX_VALUE),
        timeout.isMissingNode()
            ? PodGroup.DEFAULT_TIMEOUT_MS
            : number(timeout, PodGroup.TIMEOUT_SECONDS, Integer.MAX_VALUE) * 1000);
  }

  private static long number(JsonNode annotation, String name, long most) {
    String text = annotation.asText();
    try {
      long number = Long.parseLong(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "the annotation %s of a pod in a group must be a number from 1 on, not '%s'"
            .formatted(name, text));
  }

  private static Preemption preemption(JsonNode pod) {
    JsonNode status = pod.path("status");
    return new Preemption(
        !pod.path("spec").path("preemptionPolicy").asText().equals("Never"),
        status.path("nominatedNodeName").asText(),
        status.path("startTime").asText());
  }

  private static PodShape shape(JsonNode spec) {
    Resources scored = PodRequests.scored(spec);
    return new PodShape(
        PodRequests.of(spec),
        scored.cpuMilli(),
        scored.memoryBytes(),
        hostPorts(spec),
        Fields.list(spec.path("tolerations"), PodReader::toleration),
        ofPod(spec));
  }

  private static List<HostPort> hostPorts(JsonNode spec) {
    List<HostPort> ports = new ArrayList<>();
    for (JsonNode container : spec.path("containers")) {
      addHostPorts(container, ports);
    }
    for (JsonNode container : spec.path("initContainers")) {
      if (container.path("restartPolicy").asText().equals("Always")) {
        addHostPorts(container, ports);
      }
    }
    return ports;
  }

  private static void addHostPorts(JsonNode container, List<HostPort> ports) {
    for (JsonNode port : container.path("ports")) {
      int number = port.path("hostPort").asInt();
      if (number > 0) {
        String ip = port.path("hostIP").asText();
        ports.add(
            new HostPort(
                port.path("protocol").asText("TCP"),
                ip.isEmpty() ? HostPort.EVERY_ADDRESS : ip,
                number));
      }
    }
  }

  private static Toleration toleration(JsonNode toleration) {
    String effect = toleration.path("effect").asText();
    return new Toleration(
        toleration.path("key").asText(),
        toleration.path("operator").asText().equals("Exists"),
        toleration.path("value").asText(),
        effect.isEmpty() ? null : Taint.Effect.parse(effect));
  }

  private static NodeAffinity ofPod(JsonNode spec) {
    NodeAffinity affinity = nodeAffinity(spec.path("affinity").path("nodeAffinity"));
    Map<String, String> selector = Fields.strings(spec.path("nodeSelector"));
    return new NodeAffinity(selector, affinity.required(), affinity.preferred());
  }

  /** A v1 NodeAffinity, wherever it stands. */
  public static NodeAffinity nodeAffinity(JsonNode affinity) {
    JsonNode required = affinity.path("requiredDuringSchedulingIgnoredDuringExecution");
    JsonNode preferred = affinity.path("preferredDuringSchedulingIgnoredDuringExecution");
    return new NodeAffinity(
        Map.of(),
        required.isObject() ? terms(required) : null,
        Fields.list(preferred, PodReader::preferred));
  }

  /** The terms of a v1 NodeSelector. */
  static List<NodeSelectorTerm> terms(JsonNode nodeSelector) {
    return Fields.list(nodeSelector.path("nodeSelectorTerms"), PodReader::term);
  }

  private static NodeSelectorTerm term(JsonNode term) {
    return new NodeSelectorTerm(
        Fields.list(term.path("matchExpressions"), Fields::requirement),
        Fields.list(term.path("matchFields"), Fields::requirement));
  }

  private static NodeSelectorTerm.Preferred preferred(JsonNode preferred) {
    return new NodeSelectorTerm.Preferred(
        preferred.path("weight").asInt(), term(preferred.path("preference")));
  }

  /** Its matchLabelKeys narrow the selector to pods with the same values as this one. */
  private static SpreadConstraint spread(JsonNode constraint, Map<String, String> labels) {
    LabelSelector selector = Fields.labelSelector(constraint.path("labelSelector"));
    for (JsonNode key : constraint.path("matchLabelKeys")) {
      String value = labels.get(key.asText());
      if (value != null) {
        selector = selector.and(LabelSelector.of(Map.of(key.asText(), value)));
      }
    }
    return new SpreadConstraint(
        constraint.path("topologyKey").asText(),
        constraint.path("maxSkew").asInt(),
        constraint.path("whenUnsatisfiable").asText().equals("DoNotSchedule"),
        selector,
        constraint.path("minDomains").asInt(1),
        !constraint.path("nodeAffinityPolicy").asText().equals("Ignore"),
        constraint.path("nodeTaintsPolicy").asText().equals("Honor"));
  }

  private static Pod.Waiting waiting(JsonNode status) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals("PodScheduled")
          && condition.path("status").asText().equals("False")) {
        return new Pod.Waiting(
            condition.path("reason").asText(),
            condition.path("message").asText(),
            condition.path("lastTransitionTime").asText());
      }
    }
    return null;
  }
}
