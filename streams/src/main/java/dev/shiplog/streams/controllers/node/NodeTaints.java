package dev.shiplog.streams.controllers.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The taints that follow from a node's conditions, and which pods stand them. */
public final class NodeTaints {

  public static final String NOT_READY = "node.kubernetes.io/not-ready";
  public static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  public static final String NO_SCHEDULE = "NoSchedule";
  public static final String NO_EXECUTE = "NoExecute";

  private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

  /** Conditions that keep pods away while they are True. */
  private static final Map<String, String> PRESSURES =
      Map.of(
          "MemoryPressure", "node.kubernetes.io/memory-pressure",
          "DiskPressure", "node.kubernetes.io/disk-pressure",
          "PIDPressure", "node.kubernetes.io/pid-pressure",
          "NetworkUnavailable", "node.kubernetes.io/network-unavailable");

  private NodeTaints() {}

  public static Optional<NodeCondition> condition(Node node, String type) {
    return node.getStatus() == null
        ? Optional.empty()
        : node.getStatus().getConditions().stream()
            .filter(condition -> condition.getType().equals(type))
            .findFirst();
  }

  public static List<Taint> of(Node node) {
    return node.getSpec() == null ? List.of() : node.getSpec().getTaints();
  }

  /** The node's taints as they should be; those it keeps keep their time. */
  static List<Taint> wanted(Node node, Instant now) {
    List<Taint> wanted = new ArrayList<>();
    for (Taint there : of(node)) {
      if (!isDerived(there)) {
        wanted.add(there);
      }
    }
    derived(node)
        .forEach(taint -> wanted.add(existing(node, taint).orElseGet(() -> at(taint, now))));
    return wanted;
  }

  /** Whether it is the taint by which pods are driven from a node that is not ready. */
  static boolean drivesAway(Taint taint) {
    boolean ofReadiness = taint.getKey().equals(NOT_READY) || taint.getKey().equals(UNREACHABLE);
    return ofReadiness && NO_EXECUTE.equals(taint.getEffect());
  }

  private static boolean isDerived(Taint taint) {
    boolean ofReadiness = taint.getKey().equals(NOT_READY) || taint.getKey().equals(UNREACHABLE);
    boolean ofOthers =
        taint.getKey().equals(UNSCHEDULABLE) || PRESSURES.containsValue(taint.getKey());
    return ofReadiness || (ofOthers && NO_SCHEDULE.equals(taint.getEffect()));
  }

  private static List<Taint> derived(Node node) {
    List<Taint> taints = new ArrayList<>();
    String ready = condition(node, "Ready").map(NodeCondition::getStatus).orElse("False");
    if (!ready.equals("True")) {
      String key = ready.equals("Unknown") ? UNREACHABLE : NOT_READY;
      taints.add(taint(key, NO_SCHEDULE));
      taints.add(taint(key, NO_EXECUTE));
    }
    if (node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable())) {
      taints.add(taint(UNSCHEDULABLE, NO_SCHEDULE));
    }
    PRESSURES.forEach((type, key) ->
        condition(node, type)
            .filter(condition -> condition.getStatus().equals("True"))
            .ifPresent(condition -> taints.add(taint(key, NO_SCHEDULE))));
    return taints;
  }

  private static Taint taint(String key, String effect) {
    return new TaintBuilder().withKey(key).withEffect(effect).build();
  }

  private static Taint at(Taint taint, Instant now) {
    return new TaintBuilder(taint)
        .withTimeAdded(now.truncatedTo(ChronoUnit.SECONDS).toString())
        .build();
  }

  private static Optional<Taint> existing(Node node, Taint taint) {
    return of(node).stream().filter(there -> same(there, taint)).findFirst();
  }

  private static boolean same(Taint one, Taint other) {
    return one.getKey().equals(other.getKey()) && one.getEffect().equals(other.getEffect());
  }

  public static boolean tolerates(Toleration toleration, Taint taint) {
    boolean effect =
        isEmpty(toleration.getEffect()) || toleration.getEffect().equals(taint.getEffect());
    boolean key = isEmpty(toleration.getKey()) || toleration.getKey().equals(taint.getKey());
    boolean value =
        "Exists".equals(toleration.getOperator())
            || Objects.equals(orEmpty(toleration.getValue()), orEmpty(taint.getValue()));
    return effect && key && value;
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
