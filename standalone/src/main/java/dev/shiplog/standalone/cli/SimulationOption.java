package dev.shiplog.standalone.cli;

import dev.shiplog.agent.simulated.Simulation;
import dev.shiplog.standalone.UpOptions.RuntimeChoice;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How simulated containers behave. */
final class SimulationOption {

  @Option(
      names = "--simulation",
      paramLabel = "FILE",
      description = {
        "Have containers of simulated nodes behave as the stages in this file say",
        "(docs/simulation.md). Default: they start at once and run for ever"
      })
  private Path file;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * What the file says.
   *
   * @throws ParameterException if it cannot be understood, or nothing is simulated
   */
  Simulation read(RuntimeChoice runtime) {
    if (file != null && runtime == RuntimeChoice.CONTAINERD) {
      throw new ParameterException(
          spec.commandLine(), "--simulation and --runtime containerd exclude each other");
    }
    try {
      return file == null ? Simulation.PLAIN : Simulation.read(file);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--simulation: " + e.getMessage(), e);
    }
  }
}
