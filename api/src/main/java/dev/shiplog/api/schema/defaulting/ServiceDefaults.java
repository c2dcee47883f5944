package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.child;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** Services. Addresses, node ports and address families are given out when it is committed. */
final class ServiceDefaults {

  private static final int AFFINITY_SECONDS = 3 * 60 * 60;

  private ServiceDefaults() {}

  static void register(DefaultRules rules) {
    rules
        .type("core.v1.ServiceSpec")
        .value("sessionAffinity", "None")
        .rule(ServiceDefaults::affinityTimeout)
        .value("type", "ClusterIP")
        .rule(ServiceDefaults::policies);
    rules.type("core.v1.ServicePort").value("protocol", "TCP").rule(ServiceDefaults::targetPort);
  }

  private static void affinityTimeout(ObjectNode spec) {
    switch (text(spec, "sessionAffinity")) {
      case "None" -> spec.remove("sessionAffinityConfig");
      case "ClientIP" ->
          Defaults.setIfAbsent(
              child(child(spec, "sessionAffinityConfig"), "clientIP"),
              "timeoutSeconds",
              IntNode.valueOf(AFFINITY_SECONDS));
      default -> {} // validation refuses it
    }
  }

  private static void policies(ObjectNode spec) {
    String type = text(spec, "type");
    boolean outside = type.equals("NodePort") || type.equals("LoadBalancer");
    if (outside) {
      Defaults.setIfAbsent(spec, "externalTrafficPolicy", TextNode.valueOf("Cluster"));
    }
    if (outside || type.equals("ClusterIP")) {
      Defaults.setIfAbsent(spec, "internalTrafficPolicy", TextNode.valueOf("Cluster"));
    }
    if (type.equals("LoadBalancer")) {
      Defaults.setIfAbsent(spec, "allocateLoadBalancerNodePorts", BooleanNode.TRUE);
    }
  }

  private static void targetPort(ObjectNode port) {
    JsonNode target = at(port, "targetPort");
    if (target.isMissingNode() || target.asText().isEmpty() || target.asText().equals("0")) {
      port.set("targetPort", at(port, "port").isNumber() ? port.get("port") : IntNode.valueOf(0));
    }
  }
}
