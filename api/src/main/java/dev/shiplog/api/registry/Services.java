package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.topics.catalogue.StorageResource;

/** What the rules of Services have in common. */
final class Services {

  static final StorageResource SERVICES = StorageResource.of("services", "");
  static final String HEADLESS = "None";

  private Services() {}

  static String type(JsonNode service) {
    return service.path("spec").path("type").asText("ClusterIP");
  }

  static boolean isExternalName(JsonNode service) {
    return type(service).equals("ExternalName");
  }

  static boolean wantsNodePorts(JsonNode service) {
    return switch (type(service)) {
      case "NodePort" -> true;
      case "LoadBalancer" ->
          service.path("spec").path("allocateLoadBalancerNodePorts").asBoolean(true);
      default -> false;
    };
  }

  static String clusterIp(JsonNode service) {
    return service.path("spec").path("clusterIP").asText("");
  }

  static boolean isHeadless(JsonNode service) {
    return clusterIp(service).equals(HEADLESS);
  }

  static String protocol(JsonNode port) {
    return port.path("protocol").asText("TCP");
  }
}
