package dev.shiplog.agent.node;

import dev.shiplog.agent.runtime.RuntimeHealth;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The conditions a node's agent owns. */
final class NodeConditions {

  private NodeConditions() {}

  /** Of a node that ends its pods, and takes no more. */
  static final NodeCondition SHUTTING_DOWN =
      condition("Ready", "False", "KubeletNotReady", "node is shutting down");

  /**
   * The conditions, without times.
   *
   * @param ready whether the node is
   */
  static List<NodeCondition> of(NodeCondition ready, Set<Pressure> pressures) {
    Stream<NodeCondition> pressed =
        Arrays.stream(Pressure.values())
            .map(each -> {
              boolean high = pressures.contains(each);
              return condition(
                  each.condition(), high ? "True" : "False", each.reason(high), each.message(high));
            });
    return Stream.concat(pressed, Stream.of(ready)).toList();
  }

  /**
   * The conditions with their times: seen now, and changed now if their status is another than it
   * was before.
   */
  static List<NodeCondition> timed(
      List<NodeCondition> conditions, List<NodeCondition> before, Instant now) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return conditions.stream()
        .map(condition ->
            new NodeConditionBuilder(condition)
                .withLastHeartbeatTime(time)
                .withLastTransitionTime(transition(condition, before).orElse(time))
                .build())
        .toList();
  }

  /** The inverse of {@link #timed}. */
  static List<NodeCondition> untimed(List<NodeCondition> conditions) {
    return conditions.stream()
        .map(condition ->
            new NodeConditionBuilder(condition)
                .withLastHeartbeatTime(null)
                .withLastTransitionTime(null)
                .build())
        .toList();
  }

  private static Optional<String> transition(NodeCondition condition, List<NodeCondition> before) {
    return before.stream()
        .filter(old -> old.getType().equals(condition.getType()))
        .filter(old -> old.getStatus().equals(condition.getStatus()))
        .map(NodeCondition::getLastTransitionTime)
        .findFirst();
  }

  static NodeCondition ready(RuntimeHealth health) {
    return health.ready()
        ? condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
        : condition("Ready", "False", "KubeletNotReady", notReadyMessage(health));
  }

  private static String notReadyMessage(RuntimeHealth health) {
    String what =
        health.runtimeReady()
            ? "container runtime network not ready"
            : "container runtime not ready";
    return health.message().isEmpty() ? what : what + ": " + health.message();
  }

  private static NodeCondition condition(
      String type, String status, String reason, String message) {
    return new NodeConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .build();
  }
}
