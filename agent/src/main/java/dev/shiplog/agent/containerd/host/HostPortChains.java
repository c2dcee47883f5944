package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.host.HostCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The chains in iptables that the plug-in for host ports makes with the first such port and leaves
 * behind with the last.
 */
final class HostPortChains {

  private static final Duration COMMAND = Duration.ofSeconds(20);
  private static final String PREFIX = "CNI-HOSTPORT-";
  private static final String PORTS = PREFIX + "DNAT";

  private HostPortChains() {}

  /** Removes them unless a pod, of whomever, has a host port. */
  static void removeUnused(Path iptables) {
    List<String> rules =
        HostCommand.run(COMMAND, List.of(iptables.toString(), "-w", "10", "-t", "nat", "-S"))
            .output()
            .lines()
            .toList();
    String script = removal(rules);
    if (!script.isEmpty()) {
      Path restore = iptables.resolveSibling("iptables-restore");
      List<String> command = List.of(restore.toString(), "-w", "10", "--noflush");
      var _ = HostCommand.run(COMMAND, command, Map.of(), script);
    }
  }

  /**
   * What iptables-restore is to do.
   *
   * @param rules the nat table as iptables lists it
   */
  static String removal(List<String> rules) {
    List<String> chains =
        rules.stream()
            .filter(rule -> rule.startsWith("-N " + PREFIX))
            .map(rule -> rule.substring("-N ".length()))
            .toList();
    if (chains.isEmpty() || rules.stream().anyMatch(rule -> rule.startsWith("-A " + PORTS + " "))) {
      return "";
    }
    var script = new StringBuilder("*nat\n");
    chains.forEach(chain -> script.append("-F ").append(chain).append('\n'));
    rules.stream()
        .filter(rule -> rule.startsWith("-A ") && !rule.startsWith("-A " + PREFIX))
        .filter(rule -> rule.contains("-j " + PREFIX))
        .forEach(rule -> script.append("-D ").append(rule.substring("-A ".length())).append('\n'));
    chains.forEach(chain -> script.append("-X ").append(chain).append('\n'));
    return script.append("COMMIT\n").toString();
  }
}
