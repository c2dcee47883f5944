package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.child;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ImageName;

/** Pods, their containers and what containers are made of. */
final class PodDefaults {

  private static final String TERMINATION_LOG = "/dev/termination-log";
  private static final int GRACE_SECONDS = 30;

  private PodDefaults() {}

  static void register(DefaultRules rules) {
    // What a pod has and a template has not: a template is kept as its author wrote it.
    rules
        .type("core.v1.Pod")
        .rule(pod -> requestsFromLimits(child(pod, "spec")))
        .rule(
            pod -> Defaults.setIfAbsent(child(pod, "spec"), "enableServiceLinks", BooleanNode.TRUE))
        .rule(pod -> hostPorts(child(pod, "spec")));
    rules
        .type("core.v1.PodSpec")
        .value("dnsPolicy", "ClusterFirst")
        .value("restartPolicy", "Always")
        .emptyObject("securityContext")
        .value("terminationGracePeriodSeconds", GRACE_SECONDS)
        .value("schedulerName", "default-scheduler")
        .rule(PodDefaults::serviceAccount);
    container(rules.type("core.v1.Container"));
    container(rules.type("core.v1.EphemeralContainer"));
    rules
        .type("core.v1.Probe")
        .value("timeoutSeconds", 1)
        .value("periodSeconds", 10)
        .value("successThreshold", 1)
        .value("failureThreshold", 3);
    rules.type("core.v1.HTTPGetAction").value("path", "/").value("scheme", "HTTP");
    rules.type("core.v1.ObjectFieldSelector").value("apiVersion", "v1");
  }

  private static void container(TypeDefaults container) {
    container
        .rule(c -> pullPolicy(c, "image", "imagePullPolicy"))
        .value("terminationMessagePath", TERMINATION_LOG)
        .value("terminationMessagePolicy", "File");
  }

  /** The old name of the field and the new one always hold the same. */
  private static void serviceAccount(ObjectNode spec) {
    String name = text(spec, "serviceAccountName");
    if (name.isEmpty()) {
      name = text(spec, "serviceAccount");
    }
    if (!name.isEmpty()) {
      spec.put("serviceAccountName", name).put("serviceAccount", name);
    }
  }

  /** An image that may change under its name is pulled again. */
  static void pullPolicy(ObjectNode holder, String image, String policy) {
    if (empty(holder, policy)) {
      boolean latest = ImageName.parse(text(holder, image)).tag().equals("latest");
      holder.put(policy, latest ? "Always" : "IfNotPresent");
    }
  }

  private static void requestsFromLimits(ObjectNode spec) {
    objects(spec, "initContainers").forEach(PodDefaults::requestsFromOwnLimits);
    objects(spec, "containers").forEach(PodDefaults::requestsFromOwnLimits);
    requestsFromOwnLimits(spec);
  }

  private static void requestsFromOwnLimits(ObjectNode holder) {
    JsonNode limits = at(holder, "resources", "limits");
    if (limits.isEmpty()) {
      return;
    }
    ObjectNode requests = child(child(holder, "resources"), "requests");
    limits
        .properties()
        .forEach(limit -> Defaults.setIfAbsent(requests, limit.getKey(), limit.getValue()));
  }

  /** A container in the host's network namespace has no port but the host's. */
  private static void hostPorts(ObjectNode spec) {
    if (!at(spec, "hostNetwork").booleanValue()) {
      return;
    }
    for (String list : new String[] {"containers", "initContainers"}) {
      for (ObjectNode container : objects(spec, list)) {
        for (ObjectNode port : objects(container, "ports")) {
          if (absent(port, "hostPort")) {
            port.set("hostPort", port.path("containerPort"));
          }
        }
      }
    }
  }
}
