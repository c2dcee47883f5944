package dev.shiplog.agent.pod.admission;

import dev.shiplog.agent.container.QosClass;
import dev.shiplog.agent.node.Pressure;
import dev.shiplog.agent.pod.plan.PodPriority;
import dev.shiplog.agent.pod.status.Situation.Words;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A node that is short of something takes nobody who would be the next to be evicted. What the
 * cluster cannot do without comes all the same, and where only memory is short, whoever has asked
 * for what it needs.
 */
record PressureCheck(Supplier<Set<Pressure>> pressures) implements AdmissionCheck {

  private static final String MEMORY_TAINT = "node.kubernetes.io/memory-pressure";

  @Override
  public Optional<Words> refusal(Pod pod) {
    Set<Pressure> now = pressures.get();
    if (now.isEmpty() || PodPriority.isCritical(pod)) {
      return Optional.empty();
    }
    return now.equals(Set.of(Pressure.MEMORY)) && endures(pod)
        ? Optional.empty()
        : Optional.of(new Words("Evicted", message(now)));
  }

  private static boolean endures(Pod pod) {
    return QosClass.of(pod) != QosClass.BEST_EFFORT
        || pod.getSpec().getTolerations().stream().anyMatch(PressureCheck::isOfMemory);
  }

  /** Whether it tolerates the taint that such a node has: no value, and the effect NoSchedule. */
  private static boolean isOfMemory(Toleration toleration) {
    String key = orEmpty(toleration.getKey());
    String effect = orEmpty(toleration.getEffect());
    boolean exists = "Exists".equals(toleration.getOperator());
    return (effect.isEmpty() || effect.equals("NoSchedule"))
        && (key.isEmpty() ? exists : key.equals(MEMORY_TAINT))
        && (exists || orEmpty(toleration.getValue()).isEmpty());
  }

  private static String message(Set<Pressure> now) {
    return now.stream()
        .sorted()
        .map(Pressure::condition)
        .collect(Collectors.joining(" ", "The node had condition: [", "]. "));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
