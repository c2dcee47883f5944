package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;

/**
 * Services: what was allocated to one stays with it while its type needs it, whether or not an
 * update repeats it, and goes with a change of type. Allocation itself is the business of {@link
 * dev.shiplog.api.addresses.ClusterIpRule} and {@link NodePortRule}.
 */
final class ServiceRules implements ResourceRules {

  @Override
  public void prepareForCreate(ObjectNode service) {
    addressFields(service);
  }

  @Override
  public void prepareForUpdate(ObjectNode service, ObjectNode before) {
    keepAddress(service, before);
    keepNodePorts(service, before);
    dropWhatTheTypeHasNot(service, before);
    addressFields(service);
  }

  private static void addressFields(ObjectNode service) {
    ObjectNode spec = service.withObject("/spec");
    if (Services.isExternalName(service)) {
      return;
    }
    String first = spec.path("clusterIPs").path(0).asText("");
    if (Services.clusterIp(service).isEmpty() && !first.isEmpty()) {
      spec.put("clusterIP", first);
    } else if (first.isEmpty() && !Services.clusterIp(service).isEmpty()) {
      spec.putArray("clusterIPs").add(Services.clusterIp(service));
    }
    // Whoever keeps the endpoints of such a service may give it addresses of both families.
    boolean open = Services.isHeadless(service) && spec.path("selector").isEmpty();
    if (!spec.hasNonNull("ipFamilyPolicy")) {
      spec.put("ipFamilyPolicy", open ? "RequireDualStack" : "SingleStack");
    }
    if (spec.path("ipFamilies").isEmpty()) {
      ArrayNode families = spec.putArray("ipFamilies").add("IPv4");
      if (open && !spec.path("ipFamilyPolicy").asText().equals("SingleStack")) {
        families.add("IPv6");
      }
    }
  }

  private static void keepAddress(ObjectNode service, ObjectNode before) {
    if (Services.isExternalName(service) || Services.isExternalName(before)) {
      return;
    }
    ObjectNode spec = service.withObject("/spec");
    if (Services.clusterIp(service).isEmpty() && spec.path("clusterIPs").isEmpty()) {
      Meta.copyField(before.withObject("/spec"), spec, "clusterIP");
      Meta.copyField(before.withObject("/spec"), spec, "clusterIPs");
    } else if (!Services.clusterIp(service).isEmpty()
        && !Services.clusterIp(service).equals(Services.clusterIp(before))
        && spec.path("clusterIPs").equals(before.path("spec").path("clusterIPs"))) {
      // A client that knows the one field alone changed it.
      spec.putArray("clusterIPs").add(Services.clusterIp(service));
    }
  }

  private static void keepNodePorts(ObjectNode service, ObjectNode before) {
    if (!Services.wantsNodePorts(service) || !Services.wantsNodePorts(before)) {
      return;
    }
    for (JsonNode port : service.path("spec").path("ports")) {
      if (port.path("nodePort").asInt(0) == 0) {
        for (JsonNode old : before.path("spec").path("ports")) {
          if (isSamePort(port, old) && old.path("nodePort").asInt(0) != 0) {
            ((ObjectNode) port).set("nodePort", old.get("nodePort"));
          }
        }
      }
    }
    if (service.path("spec").path("healthCheckNodePort").asInt(0) == 0
        && before.path("spec").has("healthCheckNodePort")) {
      service
          .withObject("/spec")
          .set("healthCheckNodePort", before.path("spec").get("healthCheckNodePort"));
    }
  }

  private static boolean isSamePort(JsonNode a, JsonNode b) {
    return Services.protocol(a).equals(Services.protocol(b))
        && a.path("port").asInt() == b.path("port").asInt();
  }

  /** Values of the old type that the update only repeats go; those it sets anew are its error. */
  private static void dropWhatTheTypeHasNot(ObjectNode service, ObjectNode before) {
    ObjectNode spec = service.withObject("/spec");
    ObjectNode old = before.withObject("/spec");
    if (Services.isExternalName(service) && !Services.isExternalName(before)) {
      for (String field :
          List.of(
              "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy")) {
        dropIfRepeated(spec, old, field);
      }
    }
    if (!Services.wantsNodePorts(service) && Services.wantsNodePorts(before)) {
      dropNodePorts(spec, old);
    }
    if (!isReachedFromOutside(service)) {
      dropIfRepeated(spec, old, "externalTrafficPolicy");
    }
    if (!Services.type(service).equals("LoadBalancer")) {
      dropIfRepeated(spec, old, "allocateLoadBalancerNodePorts");
      dropIfRepeated(spec, old, "loadBalancerClass");
    }
    if (!spec.path("externalTrafficPolicy").asText("").equals("Local")) {
      dropIfRepeated(spec, old, "healthCheckNodePort");
    }
  }

  private static boolean isReachedFromOutside(ObjectNode service) {
    String type = Services.type(service);
    return type.equals("NodePort") || type.equals("LoadBalancer");
  }

  private static void dropIfRepeated(ObjectNode spec, ObjectNode old, String field) {
    if (Objects.equals(spec.get(field), old.get(field))) {
      spec.remove(field);
    }
  }

  private static void dropNodePorts(ObjectNode spec, ObjectNode old) {
    for (JsonNode port : spec.path("ports")) {
      for (JsonNode oldPort : old.path("ports")) {
        if (Objects.equals(port.get("nodePort"), oldPort.get("nodePort"))) {
          ((ObjectNode) port).remove("nodePort");
          break;
        }
      }
    }
  }
}
