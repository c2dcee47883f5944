package dev.shiplog.standalone.cli;

import dev.shiplog.agent.pod.ShutdownPeriods;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long pods have when their node is told to stop. */
final class ShutdownOptions {

  @Option(
      names = "--shutdown-grace-period",
      paramLabel = "SECONDS",
      description =
          "How long pods have to end when the node is told to stop; 0, the default, leaves them.")
  private int period;

  @Option(
      names = "--shutdown-grace-period-critical-pods",
      paramLabel = "SECONDS",
      description = "How much of that is left to critical pods, which end last.")
  private int criticalPods;

  @Option(
      names = "--shutdown-grace-period-by-pod-priority",
      paramLabel = "PRIORITY=SECONDS,…",
      description = "Instead of both: pods end in this order of their priorities.")
  private String byPodPriority;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * What was asked for.
   *
   * @throws ParameterException if that cannot be
   */
  ShutdownPeriods periods() {
    try {
      if (byPodPriority == null) {
        return ShutdownPeriods.of(Duration.ofSeconds(period), Duration.ofSeconds(criticalPods));
      }
      if (period != 0 || criticalPods != 0) {
        throw new IllegalArgumentException("a period by priority is instead of the other two");
      }
      return ShutdownPeriods.parse(byPodPriority);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--shutdown-grace-period…: " + e.getMessage(), e);
    }
  }
}
