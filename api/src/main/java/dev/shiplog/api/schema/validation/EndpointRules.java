package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Endpoints and endpoint slices. */
final class EndpointRules {

  private static final int MOST_ENDPOINTS = 1000;
  private static final int MOST_PORTS = 20_000;
  private static final int MOST_ADDRESSES = 100;

  private EndpointRules() {}

  static void register(KindTable table) {
    table.kind("core.v1.Endpoints", rules -> rules.always(EndpointRules::endpoints));
    table.kind(
        "discovery.v1.EndpointSlice",
        rules ->
            rules
                .always(EndpointRules::slice)
                .onUpdate(
                    (o, old, c) -> Checks.immutable(o, old, FieldPath.ROOT, "addressType", c)));
  }

  private static void endpoints(ObjectNode endpoints, Causes causes) {
    int i = 0;
    for (ObjectNode subset : objects(endpoints, "subsets")) {
      FieldPath path = FieldPath.of("subsets").index(i++);
      if (empty(subset, "addresses") && empty(subset, "notReadyAddresses")) {
        causes.required(path, "must specify `addresses` or `notReadyAddresses`");
      }
      for (String list : List.of("addresses", "notReadyAddresses")) {
        int j = 0;
        for (ObjectNode address : objects(subset, list)) {
          FieldPath item = path.child(list).index(j++);
          Addresses.ip(item.child("ip"), text(address, "ip"), causes);
          new Checks(address, item, causes).name("hostname", Names::label);
        }
      }
      ports(subset, path.child("ports"), true, causes);
    }
  }

  private static void slice(ObjectNode slice, Causes causes) {
    String type = text(slice, "addressType");
    new Checks(slice, FieldPath.ROOT, causes)
        .required("addressType")
        .maxItems("endpoints", MOST_ENDPOINTS)
        .maxItems("ports", MOST_PORTS);
    int i = 0;
    for (ObjectNode endpoint : objects(slice, "endpoints")) {
      FieldPath path = FieldPath.of("endpoints").index(i++);
      new Checks(endpoint, path, causes)
          .maxItems("addresses", MOST_ADDRESSES)
          .name("hostname", Names::label);
      List<String> addresses = texts(endpoint, "addresses");
      if (addresses.isEmpty()) {
        causes.required(path.child("addresses"), "must contain at least 1 address");
      }
      for (int j = 0; j < addresses.size(); j++) {
        address(type, addresses.get(j), path.child("addresses").index(j), causes);
      }
    }
    ports(slice, FieldPath.of("ports"), false, causes);
  }

  private static void address(String type, String address, FieldPath path, Causes causes) {
    switch (type) {
      case "IPv4" -> {
        if (!Addresses.isV4(address)) {
          causes.invalid(path, address, "must be a valid IPv4 address");
        }
      }
      case "IPv6" -> {
        if (!Addresses.isV6(address)) {
          causes.invalid(path, address, "must be a valid IPv6 address");
        }
      }
      case "FQDN" -> Checks.name(path, address, Names::subdomain, causes);
      default -> {} // not among the allowed values, which is found elsewhere
    }
  }

  private static void ports(ObjectNode holder, FieldPath path, boolean numbered, Causes causes) {
    List<ObjectNode> ports = objects(holder, "ports");
    int i = 0;
    for (ObjectNode port : ports) {
      FieldPath item = path.index(i++);
      Checks checks = new Checks(port, item, causes).name("name", Names::label).port("port");
      if (numbered) {
        checks.required("port");
        if (ports.size() > 1) {
          checks.required("name");
        }
      }
    }
    Checks.unique(at(holder, "ports"), path, "name", causes);
  }
}
