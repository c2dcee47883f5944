package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Services, what is behind them, and what leads to them. */
final class ServiceCells {

  private static final int SHOWN = 3;
  private static final String NETWORKING = "networking.k8s.io";

  private ServiceCells() {}

  static void register(RowTable rows) {
    rows.core(
        "services",
        List.of(
            Cells.name(),
            Cells.field("spec", "type"),
            Cells.fieldOr(Cells.NONE, "spec", "clusterIP"),
            Cells.computed(ServiceCells::externalAddress).about("spec", "externalIPs"),
            Cells.computed(ServiceCells::ports).about("spec", "ports"),
            Cells.age(),
            Cells.labels("spec", "selector")));
    rows.core(
        "endpoints",
        List.of(
            Cells.name(), Cells.computed(ServiceCells::endpoints).about("subsets"), Cells.age()));
    rows.of(
        "endpointslices",
        "discovery.k8s.io",
        List.of(
            Cells.name(),
            Cells.field("addressType"),
            Cells.computed(ServiceCells::slicePorts).about("ports"),
            Cells.computed(ServiceCells::sliceAddresses).about("endpoints"),
            Cells.age()));
    rows.of("ingresses", NETWORKING, ingress());
    rows.of(
        "ingressclasses",
        NETWORKING,
        List.of(
            Cells.name(),
            Cells.field("spec", "controller"),
            Cells.computed(ServiceCells::parameters).about("spec", "parameters"),
            Cells.age()));
    rows.of(
        "networkpolicies",
        NETWORKING,
        List.of(Cells.name(), Cells.selector("spec", "podSelector"), Cells.age()));
    rows.of(
        "ipaddresses",
        NETWORKING,
        List.of(Cells.name(), Cells.computed(ServiceCells::parent).about("spec", "parentRef")));
    rows.of(
        "servicecidrs",
        NETWORKING,
        List.of(
            Cells.name(),
            Cells.computed(o -> String.join(",", texts(o, "spec", "cidrs"))).about("spec", "cidrs"),
            Cells.age()));
  }

  private static List<Cell> ingress() {
    return List.of(
        Cells.name(),
        Cells.fieldOr(Cells.NONE, "spec", "ingressClassName"),
        Cells.computed(ServiceCells::hosts).about("spec", "rules", "host"),
        Cells.computed(o -> String.join(",", loadBalancers(o)))
            .about("status", "loadBalancer", "ingress"),
        Cells.computed(o -> empty(o, "spec", "tls") ? "80" : "80, 443"),
        Cells.age());
  }

  private static String externalAddress(ObjectNode service) {
    List<String> addresses = texts(service, "spec", "externalIPs");
    return switch (text(service, "spec", "type")) {
      case "ClusterIP", "NodePort" -> Cells.or(String.join(",", addresses), Cells.NONE);
      case "LoadBalancer" -> {
        List<String> all = loadBalancers(service);
        all.addAll(addresses);
        yield Cells.or(String.join(",", all), "<pending>");
      }
      case "ExternalName" -> text(service, "spec", "externalName");
      default -> Cells.UNKNOWN;
    };
  }

  private static List<String> loadBalancers(ObjectNode object) {
    List<String> addresses = new ArrayList<>();
    for (ObjectNode ingress : objects(object, "status", "loadBalancer", "ingress")) {
      addresses.add(Cells.or(text(ingress, "ip"), text(ingress, "hostname")));
    }
    return addresses;
  }

  private static String ports(ObjectNode service) {
    return Cells.or(
        Cells.joined(objects(service, "spec", "ports"), ServiceCells::port, ","), Cells.NONE);
  }

  private static String port(ObjectNode port) {
    String node = absent(port, "nodePort") ? "" : ":" + text(port, "nodePort");
    return text(port, "port") + node + "/" + text(port, "protocol");
  }

  private static String endpoints(ObjectNode endpoints) {
    List<String> all = new ArrayList<>();
    for (ObjectNode subset : objects(endpoints, "subsets")) {
      for (ObjectNode address : objects(subset, "addresses")) {
        List<ObjectNode> ports = objects(subset, "ports");
        if (ports.isEmpty()) {
          all.add(text(address, "ip"));
        }
        ports.forEach(p -> all.add(withPort(text(address, "ip"), text(p, "port"))));
      }
    }
    return Cells.or(Cells.shortened(all, SHOWN), Cells.NONE);
  }

  private static String withPort(String address, String port) {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }

  private static String slicePorts(ObjectNode slice) {
    List<String> ports = new ArrayList<>();
    objects(slice, "ports").forEach(p -> ports.add(Cells.or(text(p, "port"), "*")));
    return Cells.or(Cells.shortened(ports, SHOWN), Cells.UNSET);
  }

  private static String sliceAddresses(ObjectNode slice) {
    List<String> addresses = new ArrayList<>();
    objects(slice, "endpoints").forEach(e -> addresses.addAll(texts(e, "addresses")));
    return Cells.or(Cells.shortened(addresses, SHOWN), Cells.UNSET);
  }

  private static String hosts(ObjectNode ingress) {
    Set<String> hosts = new LinkedHashSet<>();
    for (ObjectNode rule : objects(ingress, "spec", "rules")) {
      if (!empty(rule, "host")) {
        hosts.add(text(rule, "host"));
      }
    }
    return Cells.or(Cells.shortened(List.copyOf(hosts), SHOWN), "*");
  }

  private static String parameters(ObjectNode ingressClass) {
    if (absent(ingressClass, "spec", "parameters")) {
      return Cells.NONE;
    }
    JsonNode parameters = at(ingressClass, "spec", "parameters");
    String group = text(parameters, "apiGroup");
    String kind = text(parameters, "kind");
    return (group.isEmpty() ? kind : kind + "." + group) + "/" + text(parameters, "name");
  }

  private static String parent(ObjectNode address) {
    JsonNode reference = at(address, "spec", "parentRef");
    String group = text(reference, "group");
    String resource = text(reference, "resource");
    String namespace = text(reference, "namespace");
    return (group.isEmpty() ? resource : resource + "." + group)
        + "/"
        + (namespace.isEmpty() ? "" : namespace + "/")
        + text(reference, "name");
  }
}
