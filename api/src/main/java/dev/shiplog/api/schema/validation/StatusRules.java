package dev.shiplog.api.schema.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import java.util.Map;
import java.util.Set;

/** What a status may say: counters, with which clients compute, and what others go by. */
final class StatusRules {

  private static final FieldPath STATUS = FieldPath.of("status");

  private static final Map<String, Set<String>> COUNTERS =
      Map.of(
          "Deployment",
          Set.of(
              "replicas",
              "updatedReplicas",
              "readyReplicas",
              "availableReplicas",
              "unavailableReplicas"),
          "ReplicaSet",
          Set.of("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas"),
          "ReplicationController",
          Set.of("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas"),
          "StatefulSet",
          Set.of("replicas", "readyReplicas", "currentReplicas", "updatedReplicas"),
          "DaemonSet",
          Set.of(
              "currentNumberScheduled", "desiredNumberScheduled", "numberReady", "numberAvailable"),
          "Job",
          Set.of("active", "succeeded", "failed", "ready"),
          "HorizontalPodAutoscaler",
          Set.of("currentReplicas", "desiredReplicas"),
          "PodDisruptionBudget",
          Set.of("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"));

  /** Kinds in which the parts of a set cannot outnumber the whole. */
  private static final Set<String> OF_REPLICAS =
      Set.of("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet");

  private StatusRules() {}

  static void validate(String kind, ObjectNode object, Causes causes) {
    JsonNode status = object.path("status");
    long replicas = status.path("replicas").longValue();
    for (String counter : COUNTERS.getOrDefault(kind, Set.of())) {
      JsonNode value = status.path(counter);
      if (value.longValue() < 0) {
        causes.invalid(STATUS.child(counter), value, "must be greater than or equal to 0");
      }
      boolean part = OF_REPLICAS.contains(kind) && !counter.equals("unavailableReplicas");
      if (part && value.longValue() > replicas) {
        causes.invalid(STATUS.child(counter), value, "cannot be greater than status.replicas");
      }
    }
    switch (kind) {
      case "Namespace" -> phase(object, causes);
      case "Ingress", "Service" -> addresses(status, causes);
      default -> {} // nothing more is known of it
    }
    if (object.path("status").path("observedGeneration").longValue() < 0) {
      causes.invalid(
          STATUS.child("observedGeneration"),
          status.path("observedGeneration"),
          "must be greater than or equal to 0");
    }
  }

  /** An active namespace that called itself ending would be emptied. */
  private static void phase(ObjectNode namespace, Causes causes) {
    boolean ending = !Trees.absent(namespace, "metadata", "deletionTimestamp");
    String phase = Trees.text(namespace, "status", "phase");
    if (!phase.equals(ending ? "Terminating" : "Active")) {
      causes.invalid(
          STATUS.child("phase"),
          phase,
          ending
              ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
              : "may only be 'Active' if `deletionTimestamp` is empty");
    }
  }

  private static void addresses(JsonNode status, Causes causes) {
    FieldPath path = STATUS.child("loadBalancer", "ingress");
    int i = 0;
    for (ObjectNode ingress : Trees.objects(status, "loadBalancer", "ingress")) {
      FieldPath at = path.index(i++);
      String ip = Trees.text(ingress, "ip");
      String host = Trees.text(ingress, "hostname");
      if (!ip.isEmpty()) {
        Addresses.ip(at.child("ip"), ip, causes);
      }
      if (!host.isEmpty() && Addresses.isIp(host)) {
        causes.invalid(at.child("hostname"), host, "must be a DNS name, not an IP address");
      } else if (!host.isEmpty()) {
        Checks.name(at.child("hostname"), host, Names::subdomain, causes);
      }
    }
  }
}
