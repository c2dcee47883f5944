package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Gives the ports of Services that are reached through the nodes a port number of their own. A
 * number may serve one port of each protocol of one Service. What is in use is read from the
 * Services themselves.
 */
public final class NodePortRule implements CommitRule {

  private static final String NAME = "service-node-port";

  private final PortRange range;
  private final IntUnaryOperator choice;

  /**
   * Makes the rule.
   *
   * @param choice from a bound, a number below it: where in the range to start looking
   */
  public NodePortRule(PortRange range, IntUnaryOperator choice) {
    this.range = range;
    this.choice = choice;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean concerns(StorageResource resource) {
    return resource.equals(Services.SERVICES);
  }

  @Override
  public Collection<String> indexed(StorageResource resource, ObjectNode object) {
    List<String> numbers = new ArrayList<>();
    object
        .path("spec")
        .path("ports")
        .forEach(port -> addIfSet(numbers, port.path("nodePort").asInt(0)));
    addIfSet(numbers, healthCheckPort(object));
    return numbers;
  }

  @Override
  public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
    if (after == null || !Services.wantsNodePorts(after)) {
      return;
    }
    Set<String> own = new HashSet<>();
    requireFree(state, key, after, own);
    complete(state, key, after, own);
  }

  /** Checks the numbers that are asked for, and gathers them. */
  private void requireFree(Snapshot state, ObjectKey key, ObjectNode service, Set<String> own) {
    int index = 0;
    for (JsonNode port : service.path("spec").path("ports")) {
      int number = port.path("nodePort").asInt(0);
      if (number != 0) {
        String field = "spec.ports[" + index + "].nodePort";
        if (!own.add(Services.protocol(port) + number)) {
          throw refused(key, field, number, "provided port is already allocated");
        }
        requireFree(state, key, field, number);
      }
      index++;
    }
  }

  private void requireFree(Snapshot state, ObjectKey key, String field, int number) {
    Collection<StoredObject> users = usersOf(state, number);
    if (users.stream().anyMatch(user -> user.key().equals(key))) {
      return;
    }
    if (!range.contains(number)) {
      throw refused(
          key,
          field,
          number,
          "provided port is not in the valid range. The range of valid ports is " + range);
    }
    if (!users.isEmpty()) {
      throw refused(key, field, number, "provided port is already allocated");
    }
  }

  private void complete(Snapshot state, ObjectKey key, ObjectNode service, Set<String> own) {
    for (JsonNode port : service.path("spec").path("ports")) {
      if (port.path("nodePort").asInt(0) == 0) {
        int number = draw(state, key, Services.protocol(port), own);
        ((ObjectNode) port).put("nodePort", number);
      }
    }
    if (needsHealthCheckPort(service) && healthCheckPort(service) == 0) {
      service.withObject("/spec").put("healthCheckNodePort", draw(state, key, "TCP", own));
    }
  }

  private int draw(Snapshot state, ObjectKey key, String protocol, Set<String> own) {
    int start = choice.applyAsInt(range.size());
    for (int i = 0; i < range.size(); i++) {
      int number = range.first() + (start + i) % range.size();
      if (usersOf(state, number).isEmpty() && own.add(protocol + number)) {
        return number;
      }
    }
    throw Failures.internal(
        "failed to allocate a nodePort for %s: range %s is full".formatted(key.text(), range));
  }

  private static Collection<StoredObject> usersOf(Snapshot state, int number) {
    return state.byIndex(Services.SERVICES, NAME, Integer.toString(number));
  }

  private static boolean needsHealthCheckPort(ObjectNode service) {
    return Services.type(service).equals("LoadBalancer")
        && service.path("spec").path("externalTrafficPolicy").asText("").equals("Local");
  }

  private static int healthCheckPort(ObjectNode service) {
    return service.path("spec").path("healthCheckNodePort").asInt(0);
  }

  private static void addIfSet(List<String> numbers, int number) {
    String text = Integer.toString(number);
    if (number != 0 && !numbers.contains(text)) {
      numbers.add(text);
    }
  }

  private static RuntimeException refused(ObjectKey key, String field, int number, String why) {
    return Failures.invalid(
        "",
        "Service",
        key.name(),
        List.of(
            new StatusCause("FieldValueInvalid", "Invalid value: " + number + ": " + why, field)));
  }
}
