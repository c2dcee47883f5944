package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Whether the server works: named checks, each answered from memory. {@code livez} fails when only
 * a restart helps, {@code readyz} also while the server cannot serve for now.
 */
public final class Health {

  /**
   * A check.
   *
   * @param vital whether only a restart helps if it fails
   */
  private record Check(BooleanSupplier passes, boolean vital) {}

  private final Map<String, Check> checks = new LinkedHashMap<>();

  /** Adds a check that keeps requests away while it fails. */
  public Health ready(String name, BooleanSupplier passes) {
    checks.put(name, new Check(passes, false));
    return this;
  }

  /** Adds a check that fails when the process is beyond help. */
  public Health alive(String name, BooleanSupplier passes) {
    checks.put(name, new Check(passes, true));
    return this;
  }

  /** The checks as ComponentStatuses: the deprecated way to ask for the same. */
  public List<ObjectNode> components() {
    List<ObjectNode> components = new ArrayList<>();
    checks.forEach((name, check) -> {
      ObjectNode status = Json.MAPPER.createObjectNode();
      status.put("apiVersion", "v1").put("kind", "ComponentStatus");
      status.putObject("metadata").put("name", name);
      boolean good = check.passes().getAsBoolean();
      status
          .putArray("conditions")
          .addObject()
          .put("type", "Healthy")
          .put("status", good ? "True" : "False")
          .put(good ? "message" : "error", good ? "ok" : "failed");
      components.add(status);
    });
    return components;
  }

  /**
   * What came of the checks.
   *
   * @param text for people, one line a check
   */
  record Report(boolean passed, String text) {}

  /** Runs the checks of {@code livez}, {@code readyz} or {@code healthz}. */
  Report report(String endpoint) {
    boolean onlyVital = endpoint.equals("livez");
    StringBuilder text = new StringBuilder();
    boolean passed = true;
    for (Map.Entry<String, Check> entry : checks.entrySet()) {
      if (entry.getValue().vital() || !onlyVital) {
        boolean good = entry.getValue().passes().getAsBoolean();
        passed &= good;
        text.append(good ? "[+]" : "[-]")
            .append(entry.getKey())
            .append(good ? " ok\n" : " failed\n");
      }
    }
    text.append(endpoint).append(passed ? " check passed\n" : " check failed\n");
    return new Report(passed, text.toString());
  }
}
