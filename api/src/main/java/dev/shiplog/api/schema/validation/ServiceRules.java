package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Services. */
final class ServiceRules {

  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final int LONGEST_AFFINITY_SECONDS = 86400;
  private static final String HEADLESS = "None";
  private static final List<String> DISTRIBUTIONS =
      List.of("PreferClose", "PreferSameNode", "PreferSameZone");

  private ServiceRules() {}

  static void register(KindTable table) {
    table.kind(
        "core.v1.Service",
        rules ->
            rules
                .named(Names::label1035)
                .always((o, c) -> service(spec(o), c))
                .onUpdate((o, old, c) -> addressStays(spec(o), spec(old), c)));
  }

  private static ObjectNode spec(ObjectNode service) {
    return service.get("spec") instanceof ObjectNode spec ? spec : service.objectNode();
  }

  private static void service(ObjectNode spec, Causes causes) {
    String type = text(spec, "type");
    boolean headless = text(spec, "clusterIP").equals(HEADLESS);
    new Checks(spec, SPEC, causes).required("sessionAffinity").required("type").labels("selector");
    if (empty(spec, "ports") && !headless && !type.equals("ExternalName")) {
      causes.required(SPEC.child("ports"));
    }
    ports(spec, type, causes);
    addresses(spec, type, headless, causes);
    families(spec, type, causes);
    affinity(spec, causes);
    if (type.equals("ExternalName")) {
      externalName(spec, causes);
    }
    policies(spec, type, causes);
  }

  private static void ports(ObjectNode spec, String type, Causes causes) {
    List<ObjectNode> ports = objects(spec, "ports");
    FieldPath path = SPEC.child("ports");
    Set<String> served = new HashSet<>();
    Set<String> nodePorts = new HashSet<>();
    int i = 0;
    for (ObjectNode port : ports) {
      FieldPath item = path.index(i++);
      port(port, ports.size() > 1, item, causes);
      if (!served.add(text(port, "protocol") + "/" + text(port, "port"))) {
        causes.duplicate(item, port);
      }
      String nodePort = absent(port, "nodePort") ? "" : text(port, "nodePort");
      if (nodePort.isEmpty()) {
        continue;
      }
      if (type.equals("ClusterIP") || type.equals("ExternalName")) {
        causes.forbidden(item.child("nodePort"), "may not be used when `type` is '" + type + "'");
      }
      if (!nodePorts.add(text(port, "protocol") + "/" + nodePort)) {
        causes.duplicate(item.child("nodePort"), port.get("nodePort"));
      }
    }
    Checks.unique(at(spec, "ports"), path, "name", causes);
  }

  private static void port(ObjectNode port, boolean several, FieldPath path, Causes causes) {
    if (several && empty(port, "name")) {
      causes.required(path.child("name"));
    }
    new Checks(port, path, causes)
        .name("name", Names::label)
        .port("port")
        .required("protocol")
        .portOrName("targetPort")
        .port("nodePort")
        .name("appProtocol", Names::qualified);
  }

  private static void addresses(ObjectNode spec, String type, boolean headless, Causes causes) {
    String address = text(spec, "clusterIP");
    if (!address.isEmpty() && !headless && !Addresses.isIp(address)) {
      causes.invalid(
          SPEC.child("clusterIPs").index(0),
          address,
          "must be empty, 'None', or a valid IP address");
    }
    if (headless && (type.equals("NodePort") || type.equals("LoadBalancer"))) {
      causes.invalid(
          SPEC.child("clusterIPs").index(0),
          address,
          "may not be set to 'None' for " + type + " services");
    }
    List<String> addresses = texts(spec, "clusterIPs");
    if (!addresses.isEmpty() && !addresses.getFirst().equals(address)) {
      causes.invalid(
          SPEC.child("clusterIPs"), at(spec, "clusterIPs"), "first value must match `clusterIP`");
    }
    List<String> external = texts(spec, "externalIPs");
    for (int i = 0; i < external.size(); i++) {
      Addresses.ip(SPEC.child("externalIPs").index(i), external.get(i), causes);
      Addresses.reachable(SPEC.child("externalIPs").index(i), external.get(i), causes);
    }
    List<String> sources = texts(spec, "loadBalancerSourceRanges");
    if (!sources.isEmpty() && !type.equals("LoadBalancer")) {
      causes.forbidden(
          SPEC.child("LoadBalancerSourceRanges"), "may only be used when `type` is 'LoadBalancer'");
    }
    for (int i = 0; i < sources.size(); i++) {
      Addresses.cidr(
          SPEC.child("loadBalancerSourceRanges").index(i), sources.get(i).strip(), causes);
    }
  }

  /** At most one address of each family, and in the order of the families. */
  private static void families(ObjectNode spec, String type, Causes causes) {
    List<String> families = texts(spec, "ipFamilies");
    List<String> addresses = texts(spec, "clusterIPs");
    String policy = text(spec, "ipFamilyPolicy");
    boolean single = policy.isEmpty() || policy.equals("SingleStack");
    if (type.equals("ExternalName")) {
      for (String field : List.of("ipFamilies", "ipFamilyPolicy")) {
        if (!empty(spec, field)) {
          causes.forbidden(SPEC.child(field), "may not be used when `type` is 'ExternalName'");
        }
      }
      return;
    }
    if (families.size() == 2 && families.get(0).equals(families.get(1))) {
      causes.duplicate(SPEC.child("ipFamilies").index(1), families.get(1));
    }
    if (single && (families.size() > 1 || addresses.size() > 1)) {
      causes.invalid(
          SPEC.child("ipFamilyPolicy"),
          at(spec, "ipFamilyPolicy"),
          "must be RequireDualStack or PreferDualStack when multiple IP families are specified");
    }
    if (addresses.size() > 2) {
      causes.invalid(
          SPEC.child("clusterIPs"), at(spec, "clusterIPs"), "may only hold up to 2 values");
    } else if (addresses.size() == 2
        && addresses.get(0).contains(":") == addresses.get(1).contains(":")) {
      causes.invalid(
          SPEC.child("clusterIPs"),
          at(spec, "clusterIPs"),
          "may specify no more than one IP for each IP family");
    }
    for (int i = 0; i < Math.min(addresses.size(), families.size()); i++) {
      boolean v6 = families.get(i).equals("IPv6");
      if (Addresses.isIp(addresses.get(i)) && addresses.get(i).contains(":") != v6) {
        causes.invalid(
            SPEC.child("clusterIPs").index(i),
            addresses.get(i),
            "expected an %s value as indicated by `ipFamilies[%d]`".formatted(families.get(i), i));
      }
    }
  }

  private static void affinity(ObjectNode spec, Causes causes) {
    FieldPath path = SPEC.child("sessionAffinityConfig");
    if (text(spec, "sessionAffinity").equals("ClientIP")) {
      if (at(spec, "sessionAffinityConfig", "clientIP") instanceof ObjectNode client) {
        new Checks(client, path.child("clientIP"), causes)
            .range("timeoutSeconds", 1, LONGEST_AFFINITY_SECONDS);
      }
    } else if (!absent(spec, "sessionAffinityConfig")) {
      causes.forbidden(path, "must not be set when session affinity is None");
    }
  }

  private static void externalName(ObjectNode spec, Causes causes) {
    String name = text(spec, "externalName");
    if (name.isEmpty()) {
      causes.required(SPEC.child("externalName"));
    } else {
      // A trailing dot only says that the name is complete.
      Checks.name(
          SPEC.child("externalName"), name.replaceFirst("\\.$", ""), Names::subdomain, causes);
    }
    if (!empty(spec, "clusterIP")) {
      causes.forbidden(SPEC.child("clusterIPs"), "may not be set when `type` is 'ExternalName'");
    }
  }

  private static void policies(ObjectNode spec, String type, Causes causes) {
    boolean outside =
        type.equals("NodePort") || type.equals("LoadBalancer") || !empty(spec, "externalIPs");
    if (!outside && !empty(spec, "externalTrafficPolicy")) {
      causes.invalid(
          SPEC.child("externalTrafficPolicy"),
          at(spec, "externalTrafficPolicy"),
          "may only be set for externally-accessible services");
    }
    new Checks(spec, SPEC, causes)
        .name("loadBalancerClass", Names::qualified)
        .oneOf("trafficDistribution", DISTRIBUTIONS);
    if (!type.equals("LoadBalancer")) {
      for (String field : List.of("loadBalancerClass", "allocateLoadBalancerNodePorts")) {
        if (!absent(spec, field)) {
          causes.forbidden(SPEC.child(field), "may only be used when `type` is 'LoadBalancer'");
        }
      }
    }
    if (!absent(spec, "healthCheckNodePort")
        && !(type.equals("LoadBalancer") && text(spec, "externalTrafficPolicy").equals("Local"))) {
      causes.invalid(
          SPEC.child("healthCheckNodePort"),
          at(spec, "healthCheckNodePort"),
          "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
    }
  }

  /** Clients know a service by its address, so it keeps it as long as it has one. */
  private static void addressStays(ObjectNode spec, ObjectNode old, Causes causes) {
    boolean hadOne = !empty(old, "clusterIP") && !text(old, "type").equals("ExternalName");
    boolean hasOne = !text(spec, "type").equals("ExternalName");
    if (hadOne && hasOne && !text(spec, "clusterIP").equals(text(old, "clusterIP"))) {
      causes.invalid(
          SPEC.child("clusterIPs").index(0), at(spec, "clusterIPs"), "may not change once set");
    }
    if (!text(old, "loadBalancerClass").isEmpty()
        && text(spec, "type").equals("LoadBalancer")
        && text(old, "type").equals("LoadBalancer")) {
      Checks.immutable(spec, old, SPEC, "loadBalancerClass", causes);
    }
  }
}
