package dev.shiplog.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** How much a pod is promised. */
public final class QosClasses {

  private QosClasses() {}

  /** The class of a pod in its storage version. */
  public static String of(JsonNode pod) {
    return ofSpec(pod.path("spec"));
  }

  /** Kubernetes' quality of service class, which follows from what the containers ask for. */
  public static String ofSpec(JsonNode spec) {
    boolean anything = false;
    boolean guaranteed = true;
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : spec.path(list)) {
        JsonNode limits = container.path("resources").path("limits");
        JsonNode requests = container.path("resources").path("requests");
        for (String resource : List.of("cpu", "memory")) {
          String limit = quantity(limits, resource);
          String request = quantity(requests, resource);
          anything |= !limit.isEmpty() || !request.isEmpty();
          guaranteed &= !limit.isEmpty() && (request.isEmpty() || request.equals(limit));
        }
      }
    }
    if (!anything) {
      return "BestEffort";
    }
    return guaranteed ? "Guaranteed" : "Burstable";
  }

  /** Quantities are in canonical form here, so equal ones have equal texts; zero is as none. */
  private static String quantity(JsonNode resources, String name) {
    String text = resources.path(name).asText("");
    return text.equals("0") ? "" : text;
  }
}
