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
  private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
  private static final int LONGEST_CONTROLLER = 250;

  private NetworkRules() {}

  static void register(KindTable table) {
    table.kind(
        "networking.v1.Ingress",
        rules -> rules.always(NetworkRules::ingress).onCreate(NetworkRules::oneClass));
    table.kind(
        "networking.v1.IngressClass",
        rules ->
            rules
                .always(NetworkRules::ingressClass)
                .onUpdate((o, old, c) -> {
                  if (!text(o, "spec", "controller").equals(text(old, "spec", "controller"))) {
                    c.invalid(
                        SPEC.child("controller"), at(o, "spec", "controller"), Checks.IMMUTABLE);
                  }
                }));
    table.kind("networking.v1.NetworkPolicy", rules -> rules.always(NetworkRules::policy));
  }

  private static void ingress(ObjectNode ingress, Causes causes) {
    JsonNode spec = at(ingress, "spec");
    if (empty(spec, "rules") && absent(spec, "defaultBackend")) {
      causes.invalid(SPEC, spec, "either `defaultBackend` or `rules` must be specified");
    }
    if (!absent(spec, "defaultBackend")
        && absent(spec, "defaultBackend", "service")
        && absent(spec, "defaultBackend", "resource")) {
      causes.invalid(SPEC.child("defaultBackend"), "", "resource or service backend is required");
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
      new Checks(tls, SPEC.child("tls").index(i), causes).name("secretName", Names::subdomain);
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
        plain(text(item, "path"), path.child("path"), causes);
      }
      case "ImplementationSpecific" -> {
        if (!empty(item, "path") && !absolute) {
          causes.invalid(path.child("path"), text(item, "path"), "must be an absolute path");
        }
      }
      default -> {} // not among the allowed values, which is found elsewhere
    }
    if (absent(item, "backend", "service") && absent(item, "backend", "resource")) {
      causes.invalid(path.child("backend"), "", "resource or service backend is required");
    }
    backend(at(item, "backend"), path.child("backend"), causes);
  }

  /** A path means the same before and after it is normalized. */
  private static void plain(String value, FieldPath path, Causes causes) {
    for (String within : List.of("//", "/./", "/../", "%2f", "%2F")) {
      if (value.contains(within)) {
        causes.invalid(path, value, "must not contain '" + within + "'");
      }
    }
    for (String end : List.of("/..", "/.")) {
      if (value.endsWith(end)) {
        causes.invalid(path, value, "cannot end with '" + end + "'");
      }
    }
  }

  /** The annotation is the older way to say it. */
  private static void oneClass(ObjectNode ingress, Causes causes) {
    String annotated = text(at(ingress, "metadata", "annotations"), CLASS_ANNOTATION);
    if (!annotated.isEmpty() && !absent(ingress, "spec", "ingressClassName")) {
      causes.invalid(
          FieldPath.of("annotations", CLASS_ANNOTATION),
          annotated,
          "can not be set when the class field is also set");
    }
  }

  private static void ingressClass(ObjectNode object, Causes causes) {
    FieldPath path = SPEC.child("controller");
    String controller = text(object, "spec", "controller");
    int slash = controller.indexOf('/');
    if (controller.isEmpty()) {
      causes.required(path);
    } else if (controller.length() > LONGEST_CONTROLLER) {
      causes.tooLong(path, LONGEST_CONTROLLER);
    } else if (slash <= 0 || slash == controller.length() - 1) {
      causes.invalid(path, controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
    } else {
      Checks.name(path, controller.substring(0, slash), Names::subdomain, causes);
    }
    if (at(object, "spec", "parameters") instanceof ObjectNode parameters) {
      parameters(parameters, SPEC.child("parameters"), causes);
    }
  }

  private static void parameters(ObjectNode parameters, FieldPath path, Causes causes) {
    new Checks(parameters, path, causes)
        .required("kind")
        .required("name")
        .name("apiGroup", Names::subdomain)
        .oneOf("scope", List.of("Cluster", "Namespace"));
    String scope = text(parameters, "scope");
    boolean placed = !empty(parameters, "namespace");
    if (scope.equals("Namespace") && !placed) {
      causes.required(path.child("namespace"), "`parameters.scope` is set to 'Namespace'");
    } else if (scope.equals("Cluster") && placed) {
      causes.forbidden(path.child("namespace"), "`parameters.scope` is set to 'Cluster'");
    }
  }

  private static void backend(JsonNode backend, FieldPath path, Causes causes) {
    if (!absent(backend, "service") && !absent(backend, "resource")) {
      causes.invalid(path, "", "cannot set both resource and service backends");
    }
    if (backend.get("resource") instanceof ObjectNode resource) {
      new Checks(resource, path.child("resource"), causes).required("kind").required("name");
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
    if (at(spec, "policyTypes").size() > 2) {
      causes.invalid(
          SPEC.child("policyTypes"),
          at(spec, "policyTypes"),
          "may not specify more than two policyTypes");
    }
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
        range(port, item, causes);
      }
      j = 0;
      for (ObjectNode peer : objects(rule, peers)) {
        peer(peer, path.child(peers).index(j++), causes);
      }
    }
  }

  private static void range(ObjectNode port, FieldPath path, Causes causes) {
    if (absent(port, "endPort")) {
      return;
    }
    JsonNode end = at(port, "endPort");
    if (absent(port, "port")) {
      causes.required(path.child("port"), "must be specified when `endPort` is specified");
    } else if (at(port, "port").isTextual()) {
      causes.invalid(path.child("endPort"), end, "may not be specified when `port` is non-numeric");
    } else if (end.intValue() < at(port, "port").intValue()) {
      causes.invalid(path.child("endPort"), end, "must be greater than or equal to `port`");
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
        FieldPath item = path.child("ipBlock", "except").index(i);
        Addresses.cidr(item, excepted.get(i), causes);
        if (!Addresses.isStrictPart(excepted.get(i), text(peer, "ipBlock", "cidr"))) {
          causes.invalid(item, excepted.get(i), "must be a strict subset of `cidr`");
        }
      }
    }
    Selectors.validate(at(peer, "podSelector"), path.child("podSelector"), causes);
    Selectors.validate(at(peer, "namespaceSelector"), path.child("namespaceSelector"), causes);
  }
}
