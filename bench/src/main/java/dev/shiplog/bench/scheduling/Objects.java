package dev.shiplog.bench.scheduling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;

/** Nodes with 32 cores in five zones, and pods for them. */
final class Objects {

  private Objects() {}

  static JsonNode node(int i) {
    return parse(
        """
        {"metadata":{"name":"n-%d","uid":"n-%d","labels":{
           "kubernetes.io/hostname":"n-%d","topology.kubernetes.io/zone":"z%d"}},
         "status":{"allocatable":{"cpu":"32","memory":"64Gi","pods":"110"}}}
        """
            .formatted(i, i, i, i % 5));
  }

  static JsonNode pod(Workload workload, int i) {
    return parse(
        """
        {"metadata":{%s "namespace":"default","name":"p-%d","uid":"u-%d","resourceVersion":"1"},
         "spec":{%s}}
        """
            .formatted(workload.metadata().apply(i), i, i, workload.spec().apply(i)));
  }

  /** The same bound to a node. */
  static JsonNode pod(Workload workload, int i, int node) {
    ObjectNode pod = (ObjectNode) pod(workload, i);
    ((ObjectNode) pod.path("spec")).put("nodeName", "n-" + node);
    return pod;
  }

  private static JsonNode parse(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
