package dev.shiplog.api.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where a quota limits cpu or memory, every container must say how much it wants. */
final class MissingAmounts {

  private static final Set<String> REQUIRED =
      Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

  private MissingAmounts() {}

  static void check(Quota quota, ObjectKey key, ObjectNode pod) {
    Map<String, List<String>> missing = new TreeMap<>();
    for (String name : quota.hard().keySet()) {
      if (REQUIRED.contains(name) && !ofPod(pod, name)) {
        for (String list : List.of("containers", "initContainers")) {
          for (JsonNode container : pod.path("spec").path(list)) {
            if (!states(container.path("resources"), name)) {
              missing
                  .computeIfAbsent(name, n -> new ArrayList<>())
                  .add(Trees.text(container, "name"));
            }
          }
        }
      }
    }
    if (!missing.isEmpty()) {
      throw Failures.forbidden(
          key.resource().group(),
          key.resource().plural(),
          key.name(),
          "failed quota: %s: must specify %s"
              .formatted(
                  Trees.text(quota.tree(), "metadata", "name"),
                  missing.entrySet().stream()
                      .map(e -> e.getKey() + " for: " + String.join(",", e.getValue()))
                      .collect(Collectors.joining("; "))));
    }
  }

  private static boolean ofPod(ObjectNode pod, String name) {
    return states(Trees.at(pod, "spec", "resources"), name);
  }

  private static boolean states(JsonNode resources, String name) {
    boolean limit = name.startsWith("limits.");
    String plain = name.substring(name.indexOf('.') + 1);
    return resources.path(limit ? "limits" : "requests").has(plain);
  }
}
