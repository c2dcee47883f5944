package dev.shiplog.api.schema.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** Counters in the status of workloads, which clients compute with. */
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
          Set.of("active", "succeeded", "failed", "ready"));

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
    if (object.path("status").path("observedGeneration").longValue() < 0) {
      causes.invalid(
          STATUS.child("observedGeneration"),
          status.path("observedGeneration"),
          "must be greater than or equal to 0");
    }
  }
}
