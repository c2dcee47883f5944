package dev.shiplog.agent.pod.admission;

import dev.shiplog.agent.node.Pressure;
import dev.shiplog.agent.pod.status.Situation.Words;
import dev.shiplog.agent.runtime.PodRuntime;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whether a node takes a pod, but for whether there is room for it. Asked once for each pod, before
 * anything of it runs. Any thread; may ask the cluster and so block.
 */
public final class Admission {

  private static final Words SHUTS_DOWN =
      new Words("NodeShutdown", "Pod was rejected as the node is shutting down.");

  private final List<AdmissionCheck> checks;

  /**
   * The checks in the order of the kubelet: the first that is not met is told.
   *
   * @param pressures what the node is short of
   */
  public Admission(
      NodeLabels labels,
      PodRuntime runtime,
      Supplier<Set<Pressure>> pressures,
      BooleanSupplier shutsDown) {
    checks =
        List.of(
            new PressureCheck(pressures),
            new SysctlCheck(),
            new SystemCheck(),
            new PlacementCheck(labels),
            new AppArmorCheck(runtime),
            pod -> shutsDown.getAsBoolean() ? Optional.of(SHUTS_DOWN) : Optional.empty());
  }

  /** Why the node does not take the pod, if so. */
  public Optional<Words> refusal(Pod pod) {
    Stream<Words> refusals = checks.stream().flatMap(check -> check.refusal(pod).stream());
    return refusals.findFirst();
  }
}
