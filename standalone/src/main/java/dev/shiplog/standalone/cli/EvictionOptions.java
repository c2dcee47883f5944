package dev.shiplog.standalone.cli;

import dev.shiplog.agent.eviction.EvictionRules;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** When a node ends pods for want of something. */
final class EvictionOptions {

  @Option(
      names = "--eviction-hard",
      paramLabel = "SIGNAL<AMOUNT,…",
      description = {
        "Below what the node ends pods and takes no more, as the kubelet's: memory.available,",
        "nodefs.available, nodefs.inodesFree, imagefs.available, imagefs.inodesFree, pid.available,",
        "each with an amount or a part such as 10%%. Default: memory.available<100Mi,",
        "nodefs.available<500Mi,nodefs.inodesFree<5%%,imagefs.available<500Mi,",
        "imagefs.inodesFree<5%%,pid.available<1%%"
      })
  private String hard;

  @Option(
      names = "--eviction-pressure-transition-period",
      paramLabel = "SECONDS",
      description = "How long a pressure that is over is told still. Default: 300")
  private Integer transition;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * What was asked for.
   *
   * @throws ParameterException if that cannot be
   */
  EvictionRules rules() {
    try {
      EvictionRules rules = EvictionRules.DEFAULTS;
      rules = hard == null ? rules : rules.endingBelow(hard);
      return transition == null ? rules : rules.telling(Duration.ofSeconds(transition));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--eviction-…: " + e.getMessage(), e);
    }
  }
}
