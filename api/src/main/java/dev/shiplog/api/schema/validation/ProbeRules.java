package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Probes and lifecycle hooks of a container. */
final class ProbeRules {

  private static final List<String> PROBE_HANDLERS =
      List.of("exec", "httpGet", "tcpSocket", "grpc");
  private static final List<String> HOOK_HANDLERS =
      List.of("exec", "httpGet", "tcpSocket", "sleep");

  private ProbeRules() {}

  static void validate(ObjectNode container, FieldPath path, Causes causes) {
    for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      if (container.get(name) instanceof ObjectNode probe) {
        probe(name, probe, path.child(name), causes);
      }
    }
    for (String hook : List.of("postStart", "preStop")) {
      if (at(container, "lifecycle", hook) instanceof ObjectNode handler) {
        handler(handler, path.child("lifecycle", hook), HOOK_HANDLERS, causes);
      }
    }
  }

  private static void probe(String name, ObjectNode probe, FieldPath path, Causes causes) {
    handler(probe, path, PROBE_HANDLERS, causes);
    new Checks(probe, path, causes)
        .nonNegative("initialDelaySeconds")
        .nonNegative("timeoutSeconds")
        .nonNegative("periodSeconds")
        .nonNegative("successThreshold")
        .nonNegative("failureThreshold")
        .positive("terminationGracePeriodSeconds");
    boolean readiness = name.equals("readinessProbe");
    if (!readiness && at(probe, "successThreshold").intValue() > 1) {
      causes.invalid(path.child("successThreshold"), at(probe, "successThreshold"), "must be 1");
    }
    if (readiness && !absent(probe, "terminationGracePeriodSeconds")) {
      causes.invalid(
          path.child("terminationGracePeriodSeconds"),
          at(probe, "terminationGracePeriodSeconds"),
          "must not be set for readinessProbes");
    }
  }

  private static void handler(
      ObjectNode handler, FieldPath path, List<String> kinds, Causes causes) {
    Checks.exactlyOne(handler, path, kinds, "handler type", causes);
    if (!absent(handler, "exec") && empty(handler, "exec", "command")) {
      causes.required(path.child("exec", "command"));
    }
    if (handler.get("httpGet") instanceof ObjectNode get) {
      new Checks(get, path.child("httpGet"), causes)
          .required("path")
          .portOrName("port")
          .required("scheme");
      int i = 0;
      for (ObjectNode header : objects(get, "httpHeaders")) {
        FieldPath item = path.child("httpGet", "httpHeaders").index(i++).child("name");
        if (!text(header, "name").matches("[-A-Za-z0-9]+")) {
          causes.invalid(
              item, text(header, "name"), "must consist of alphanumeric characters or '-'");
        }
      }
    }
    if (handler.get("tcpSocket") instanceof ObjectNode socket) {
      new Checks(socket, path.child("tcpSocket"), causes).portOrName("port");
    }
    if (handler.get("grpc") instanceof ObjectNode grpc) {
      new Checks(grpc, path.child("grpc"), causes).port("port");
    }
    if (handler.get("sleep") instanceof ObjectNode sleep) {
      new Checks(sleep, path.child("sleep"), causes).nonNegative("seconds");
    }
  }
}
