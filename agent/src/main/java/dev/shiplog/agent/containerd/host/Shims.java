package dev.shiplog.agent.containerd.host;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The processes that hold containers for one containerd; they outlive it. */
final class Shims {

  private static final String PROGRAM = "/containerd-shim";

  private Shims() {}

  /**
   * One of them.
   *
   * @param id of the sandbox or container that it was started for
   */
  record Shim(String id, ProcessHandle process) {

    void kill() {
      process.destroyForcibly();
    }
  }

  /** All that run now. */
  static Stream<Shim> of(Path socket) {
    return ProcessHandle.allProcesses().flatMap(process -> shim(process, socket).stream());
  }

  private static Optional<Shim> shim(ProcessHandle process, Path socket) {
    Optional<String> command = process.info().command();
    if (command.filter(program -> program.contains(PROGRAM)).isEmpty()) {
      return Optional.empty();
    }
    List<String> arguments = Arrays.asList(process.info().arguments().orElse(new String[0]));
    return option(arguments, "-address")
        .filter(socket.toString()::equals)
        .flatMap(_ -> option(arguments, "-id"))
        .map(id -> new Shim(id, process));
  }

  private static Optional<String> option(List<String> arguments, String name) {
    int at = arguments.indexOf(name);
    return at >= 0 && at + 1 < arguments.size()
        ? Optional.of(arguments.get(at + 1))
        : Optional.empty();
  }
}
