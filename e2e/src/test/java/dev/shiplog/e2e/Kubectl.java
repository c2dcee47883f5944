package dev.shiplog.e2e;

import static org.awaitility.pollinterval.IterativePollInterval.iterative;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * The real kubectl, as a user has it.
 *
 * @param program its path
 * @param kubeconfig whom it talks to
 */
record Kubectl(Path program, Path kubeconfig) {

  private static final Duration AT_MOST = Duration.ofMinutes(3);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(700);

  /** The kubectl named by SHIPLOG_KUBECTL, else the one on the path. */
  static Kubectl with(Path kubeconfig) {
    String named = System.getenv("SHIPLOG_KUBECTL");
    if (named != null && !named.isBlank()) {
      return new Kubectl(Path.of(named), kubeconfig);
    }
    for (String directory : System.getenv("PATH").split(":")) {
      Path candidate = Path.of(directory, "kubectl");
      if (Files.isExecutable(candidate)) {
        return new Kubectl(candidate, kubeconfig);
      }
    }
    throw new AssertionError(
        "kubectl is not on the PATH: install Debian's package kubernetes-client, or set"
            + " SHIPLOG_KUBECTL");
  }

  /** Runs it with arguments separated by blanks. */
  Run run(String arguments) {
    return run(List.of(arguments.split(" ")));
  }

  Run run(List<String> arguments) {
    return run(arguments, "");
  }

  Run run(List<String> arguments, String input) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    return Run.of(
        command,
        Map.of("KUBECONFIG", kubeconfig.toString(), "HOME", kubeconfig.getParent().toString()),
        input,
        AT_MOST);
  }

  /** Runs it; it must succeed and say nothing on stderr. Returns what it printed, stripped. */
  String ok(String arguments) {
    return run(arguments).succeeded().out().strip();
  }

  /** Applies a manifest. */
  String apply(String manifest) {
    return run(List.of("apply", "-f", "-"), manifest).succeeded().out().strip();
  }

  /** Repeats a query until it prints the text. */
  void await(String arguments, String expected) {
    Awaitility.await(String.join(" ", "kubectl", arguments, "->", expected))
        .atMost(Duration.ofSeconds(90))
        .pollInterval(iterative(Kubectl::next, Duration.ofMillis(100)))
        .until(() -> run(arguments).out().strip(), expected::equals);
  }

  /** Each question is a process of its own, which costs a tenth of a second of a core. */
  private static Duration next(Duration last) {
    Duration longer = last.multipliedBy(3).dividedBy(2);
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }
}
