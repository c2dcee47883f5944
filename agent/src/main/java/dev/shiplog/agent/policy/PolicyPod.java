package dev.shiplog.agent.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.agent.proxy.Ipv4;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What network policies ask of a pod that has an address of its own.
 *
 * @param ip IPv4 address
 * @param node name of the node it runs on
 * @param ports numbers of its ports by {@code protocol/name}
 */
record PolicyPod(
    String namespace,
    Map<String, String> labels,
    String ip,
    String node,
    Map<String, Integer> ports) {

  PolicyPod {
    labels = Map.copyOf(labels);
    ports = Map.copyOf(ports);
  }

  /** Empty for one that policies do not reach: on the host's network, without address, ended. */
  static Optional<PolicyPod> of(JsonNode pod) {
    JsonNode spec = pod.path("spec");
    JsonNode status = pod.path("status");
    String ip = status.path("podIP").asText();
    String phase = status.path("phase").asText();
    boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
    if (ended || spec.path("hostNetwork").asBoolean() || !Ipv4.isAddress(ip)) {
      return Optional.empty();
    }
    return Optional.of(
        new PolicyPod(
            pod.path("metadata").path("namespace").asText(),
            labels(pod),
            ip,
            spec.path("nodeName").asText(),
            ports(spec)));
  }

  static Map<String, String> labels(JsonNode object) {
    Map<String, String> labels = new HashMap<>();
    object
        .path("metadata")
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  private static Map<String, Integer> ports(JsonNode spec) {
    Map<String, Integer> ports = new HashMap<>();
    for (String list : new String[] {"containers", "initContainers"}) {
      for (JsonNode container : spec.path(list)) {
        for (JsonNode port : container.path("ports")) {
          if (port.hasNonNull("name")) {
            String protocol = port.path("protocol").asText("TCP");
            ports.put(
                protocol + "/" + port.path("name").asText(), port.path("containerPort").asInt());
          }
        }
      }
    }
    return ports;
  }
}
