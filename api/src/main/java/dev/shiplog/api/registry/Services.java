package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;

/** What the rules of Services have in common. Any thread. */
public final class Services {

  public static final StorageResource SERVICES = StorageResource.of("services", "");
  static final String HEADLESS = "None";

  private Services() {}

  static String type(JsonNode service) {
    return service.path("spec").path("type").asText("ClusterIP");
  }

  public static boolean isExternalName(JsonNode service) {
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

  public static String clusterIp(JsonNode service) {
    return service.path("spec").path("clusterIP").asText("");
  }

  /** The address that a Service has; empty if none. */
  public static String address(JsonNode service) {
    return isExternalName(service) || isHeadless(service) ? "" : clusterIp(service);
  }

  /** As above, without reading the object. */
  public static String address(StoredObject service) {
    String address = service.fields().getOrDefault("spec.clusterIP", "");
    return address.equals(HEADLESS) || "ExternalName".equals(service.fields().get("spec.type"))
        ? ""
        : address;
  }

  public static boolean isHeadless(JsonNode service) {
    return clusterIp(service).equals(HEADLESS);
  }

  static String protocol(JsonNode port) {
    return port.path("protocol").asText("TCP");
  }
}
