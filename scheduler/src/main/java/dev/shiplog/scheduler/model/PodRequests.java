package dev.shiplog.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/**
 * What a pod takes of its node, from the pod's spec.
 *
 * <p>Containers run together and add up. Init containers run one after the other before them, so
 * the largest counts, except those that go on running (restartPolicy Always): they add to the
 * containers and to the init containers after them. Requests of the pod itself replace the sum. The
 * overhead comes on top of everything.
 */
final class PodRequests {

  /** What a container that asks for no CPU or memory counts with where nodes are scored. */
  private static final Resources SCORED_DEFAULT = Resources.of(100, 200L << 20);

  private final JsonNode spec;
  private final Resources defaults;

  private PodRequests(JsonNode spec, Resources defaults) {
    this.spec = spec;
    this.defaults = defaults;
  }

  /** What it takes. */
  static Resources of(JsonNode spec) {
    return new PodRequests(spec, Resources.NONE).total();
  }

  /** What it is taken to need where nodes are scored; only CPU and memory mean anything. */
  static Resources scored(JsonNode spec) {
    return new PodRequests(spec, SCORED_DEFAULT).total();
  }

  /** Amounts by resource name, as in a container's requests or a node's allocatable. */
  static Resources amounts(JsonNode list) {
    long cpu = 0;
    long memory = 0;
    long ephemeral = 0;
    Map<String, Long> extended = Map.of();
    for (Map.Entry<String, JsonNode> field : list.properties()) {
      String amount = field.getValue().asText();
      switch (field.getKey()) {
        case "cpu" -> cpu = Quantities.milli(amount);
        case "memory" -> memory = Quantities.units(amount);
        case "ephemeral-storage" -> ephemeral = Quantities.units(amount);
        case "pods" -> {
          // A count that nodes have and no pod asks for.
        }
        default -> {
          extended = extended.isEmpty() ? new HashMap<>() : extended;
          extended.put(field.getKey(), Quantities.units(amount));
        }
      }
    }
    return new Resources(cpu, memory, ephemeral, extended);
  }

  private Resources total() {
    Resources running = Resources.NONE;
    for (JsonNode container : spec.path("containers")) {
      running = running.plus(ofContainer(container));
    }
    Resources sidecars = Resources.NONE;
    Resources starting = Resources.NONE;
    for (JsonNode container : spec.path("initContainers")) {
      Resources requests = ofContainer(container);
      if (container.path("restartPolicy").asText().equals("Always")) {
        sidecars = sidecars.plus(requests);
        starting = starting.max(sidecars);
      } else {
        starting = starting.max(sidecars.plus(requests));
      }
    }
    Resources containers = running.plus(sidecars).max(starting);
    return ofPod(containers).plus(amounts(spec.path("overhead")));
  }

  private Resources ofContainer(JsonNode container) {
    JsonNode requests = requestsOrLimits(container.path("resources"));
    Resources amounts = amounts(requests);
    return new Resources(
        requests.has("cpu") ? amounts.cpuMilli() : defaults.cpuMilli(),
        requests.has("memory") ? amounts.memoryBytes() : defaults.memoryBytes(),
        amounts.ephemeralBytes(),
        amounts.extended());
  }

  private Resources ofPod(Resources containers) {
    JsonNode requests = requestsOrLimits(spec.path("resources"));
    if (requests.isEmpty()) {
      return containers;
    }
    Resources own = amounts(requests);
    Map<String, Long> extended = new HashMap<>(containers.extended());
    extended.putAll(own.extended());
    return new Resources(
        requests.has("cpu") ? own.cpuMilli() : containers.cpuMilli(),
        requests.has("memory") ? own.memoryBytes() : containers.memoryBytes(),
        containers.ephemeralBytes(),
        extended);
  }

  /** What has a limit and no request asks for its limit. */
  private static JsonNode requestsOrLimits(JsonNode resources) {
    JsonNode requests = resources.path("requests");
    JsonNode limits = resources.path("limits");
    if (limits.isEmpty()) {
      return requests;
    }
    ObjectNode both = limits.deepCopy();
    requests.properties().forEach(field -> both.set(field.getKey(), field.getValue()));
    return both;
  }
}
