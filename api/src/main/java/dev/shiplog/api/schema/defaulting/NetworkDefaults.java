package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Network policies, ingress classes, endpoint slices. */
final class NetworkDefaults {

  private NetworkDefaults() {}

  static void register(DefaultRules rules) {
    rules.type("networking.v1.NetworkPolicySpec").rule(NetworkDefaults::policyTypes);
    rules.type("networking.v1.NetworkPolicyPort").value("protocol", "TCP");
    rules.type("networking.v1.IngressClassParametersReference").rule(NetworkDefaults::scope);
    rules.type("discovery.v1.EndpointPort").value("name", "").value("protocol", "TCP");
  }

  private static void policyTypes(ObjectNode spec) {
    if (empty(spec, "policyTypes")) {
      ArrayNode types = spec.putArray("policyTypes").add("Ingress");
      if (!empty(spec, "egress")) {
        types.add("Egress");
      }
    }
  }

  private static void scope(ObjectNode reference) {
    if (text(reference, "scope").isEmpty()) {
      reference.put("scope", "Cluster");
    }
  }
}
