package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Ingresses and network policies. */
final class NetworkRules {

  private static final FieldPath SPEC = FieldPath.of("spec");

  private NetworkRules() {}

  static void register(KindTable table) {
    table.kind("networking.v1.Ingress", rules -> rules.always(NetworkRules::ingress));
    table.kind(
        "networking.v1.IngressClass",
        rules ->
            rules.onUpdate((o, old, c) -> {
              if (!text(o, "spec", "controller").equals(text(old, "spec", "controller"))) {
                c.invalid(SPEC.child("controller"), at(o, "spec", "controller"), Checks.IMMUTABLE);
              }
            }));
    table.kind("networking.v1.NetworkPolicy", rules -> rules.always(NetworkRules::policy));
    table.kind(
        "networking.v1.IPAddress",
        rules ->
            rules.named(name ->
                Addresses.isIp(name)
                    ? List.of()
                    : List.of("must be a valid IP address in its canonical form")));
  }

  private static void ingress(ObjectNode ingress, Causes causes) {
    JsonNode spec = at(ingress, "spec");
    if (empty(spec, "rules") && absent(spec, "defaultBackend")) {
      causes.invalid(SPEC, spec, "either `defaultBackend` or `rules` must be specified");
    }
    backend(at(spec, "defaultBackend"), SPEC.child("defaultBackend"), causes);
    if (!absent(spec, "ingressClassName")) {
      Checks.name(
          SPEC.child("ingressClassName"), text(spec, "ingressClassName"), Names::subdomain, causes);
    }
    int i = 0;
    for (ObjectNode rule : objects(spec, "rules")) {
      FieldPath path = SPEC.child("rules").index(i++);
      host(text(rule, "host"), path.child("host"), causes);
      int j = 0;
      for (ObjectNode item : objects(rule, "http", "paths")) {
        path(item, path.child("http", "paths").index(j++), causes);
      }
    }
    i = 0;
    for (ObjectNode tls : objects(spec, "tls")) {
      FieldPath path = SPEC.child("tls").index(i++).child("hosts");
      List<String> hosts = texts(tls, "hosts");
      for (int j = 0; j < hosts.size(); j++) {
        host(hosts.get(j), path.index(j), causes);
      }
    }
  }

  private static void host(String host, FieldPath path, Causes causes) {
    if (host.isEmpty()) {
      return;
    }
    if (Addresses.isIp(host)) {
      causes.invalid(path, host, "must be a DNS name, not an IP address");
    } else {
      Checks.name(path, host, host.contains("*") ? Names::wildcard : Names::subdomain, causes);
    }
  }

  private static void path(ObjectNode item, FieldPath path, Causes causes) {
    new Checks(item, path, causes).required("pathType");
    boolean absolute = text(item, "path").startsWith("/");
    switch (text(item, "pathType")) {
      case "Exact", "Prefix" -> {
        if (!absolute) {
          causes.invalid(path.child("path"), text(item, "path"), "must be an absolute path");
        }
      }
      case "ImplementationSpecific" -> {
        if (!empty(item, "path") && !absolute) {
          causes.invalid(path.child("path"), text(item, "path"), "must be an absolute path");
        }
      }
      default -> {} // not among the allowed values, which is found elsewhere
    }
    if (absent(item, "backend", "service") && absent(item, "backend", "resource")) {
      causes.required(path.child("backend"), "must specify a service or a resource");
    }
    backend(at(item, "backend"), path.child("backend"), causes);
  }

  private static void backend(JsonNode backend, FieldPath path, Causes causes) {
    if (!absent(backend, "service") && !absent(backend, "resource")) {
      causes.invalid(path, "", "cannot set both resource and service backends");
    }
    if (!(backend.get("service") instanceof ObjectNode service)) {
      return;
    }
    FieldPath field = path.child("service");
    new Checks(service, field, causes).required("name").name("name", Names::label1035);
    boolean named = !empty(service, "port", "name");
    boolean numbered = !absent(service, "port", "number");
    if (named == numbered) {
      FieldPath port = field.child("port");
      if (named) {
        causes.invalid(port, at(service, "port"), "cannot set both port name & port number");
      } else {
        causes.required(port, "port name or number is required");
      }
    }
    if (service.get("port") instanceof ObjectNode port) {
      new Checks(port, field.child("port"), causes).name("name", Names::portName).port("number");
    }
  }

  private static void policy(ObjectNode policy, Causes causes) {
    JsonNode spec = at(policy, "spec");
    Selectors.validate(at(spec, "podSelector"), SPEC.child("podSelector"), causes);
    direction(spec, "ingress", "from", causes);
    direction(spec, "egress", "to", causes);
  }

  private static void direction(JsonNode spec, String list, String peers, Causes causes) {
    int i = 0;
    for (ObjectNode rule : objects(spec, list)) {
      FieldPath path = SPEC.child(list).index(i++);
      int j = 0;
      for (ObjectNode port : objects(rule, "ports")) {
        FieldPath item = path.child("ports").index(j++);
        new Checks(port, item, causes).portOrName("port").port("endPort");
        if (!absent(port, "endPort")
            && at(port, "endPort").intValue() < at(port, "port").intValue()) {
          causes.invalid(
              item.child("endPort"),
              at(port, "endPort"),
              "must be greater than or equal to `port`");
        }
      }
      j = 0;
      for (ObjectNode peer : objects(rule, peers)) {
        peer(peer, path.child(peers).index(j++), causes);
      }
    }
  }

  private static void peer(ObjectNode peer, FieldPath path, Causes causes) {
    boolean block = !absent(peer, "ipBlock");
    boolean selector = !absent(peer, "podSelector") || !absent(peer, "namespaceSelector");
    if (block && selector) {
      causes.forbidden(path, "may not specify both ipBlock and another peer");
    } else if (!block && !selector) {
      causes.required(path, "must specify a peer");
    }
    if (block) {
      Addresses.cidr(path.child("ipBlock", "cidr"), text(peer, "ipBlock", "cidr"), causes);
      List<String> excepted = texts(peer, "ipBlock", "except");
      for (int i = 0; i < excepted.size(); i++) {
        Addresses.cidr(path.child("ipBlock", "except").index(i), excepted.get(i), causes);
      }
    }
    Selectors.validate(at(peer, "podSelector"), path.child("podSelector"), causes);
    Selectors.validate(at(peer, "namespaceSelector"), path.child("namespaceSelector"), causes);
  }
}
