package dev.shiplog.api.admission.limits;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Quantity;
import java.util.Map;
import java.util.TreeMap;

/** Amounts of resources by name, and what a pod asks for as a whole. */
public final class Amounts {

  private Amounts() {}

  /** Reads a map of quantities. */
  public static Map<String, Quantity> of(JsonNode quantities) {
    Map<String, Quantity> amounts = new TreeMap<>();
    quantities
        .properties()
        .forEach(e -> amounts.put(e.getKey(), Quantity.parse(e.getValue().asText())));
    return amounts;
  }

  /**
   * What a pod needs at its most: its containers together with those init containers that go on
   * beside them, or one of the init containers with those that started before it; and the overhead.
   *
   * @param what {@code requests} or {@code limits}
   */
  public static Map<String, Quantity> ofPod(JsonNode spec, String what) {
    Map<String, Quantity> running = new TreeMap<>();
    spec.path("containers").forEach(c -> add(running, of(c.path("resources").path(what))));
    Map<String, Quantity> beside = new TreeMap<>();
    Map<String, Quantity> starting = new TreeMap<>();
    for (JsonNode init : spec.path("initContainers")) {
      Map<String, Quantity> own = of(init.path("resources").path(what));
      boolean stays = Trees.text(init, "restartPolicy").equals("Always");
      if (stays) {
        add(running, own);
        add(beside, own);
        own = new TreeMap<>(beside);
      } else {
        add(own, beside);
      }
      own.forEach((name, amount) -> starting.merge(name, amount, Amounts::larger));
    }
    starting.forEach((name, amount) -> running.merge(name, amount, Amounts::larger));
    running.putAll(of(spec.path("resources").path(what)));
    addOverhead(running, of(spec.path("overhead")), what.equals("requests"));
    return running;
  }

  /** A limit is raised only where there is one: none means that nothing is limited. */
  private static void addOverhead(
      Map<String, Quantity> sum, Map<String, Quantity> overhead, boolean always) {
    overhead.forEach((name, amount) -> {
      if (always || sum.containsKey(name)) {
        sum.merge(name, amount, Quantity::plus);
      }
    });
  }

  /** Adds the second to the first. */
  public static void add(Map<String, Quantity> sum, Map<String, Quantity> added) {
    added.forEach((name, amount) -> sum.merge(name, amount, Quantity::plus));
  }

  private static Quantity larger(Quantity one, Quantity other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
