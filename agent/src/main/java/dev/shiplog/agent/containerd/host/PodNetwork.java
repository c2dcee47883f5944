package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The network of a node's pods. Each pod has a link of its own to the host, which routes between
 * them. With a bridge, packets between two pods of a node would pass by the host's packet filter
 * unless a kernel module is loaded, and a service in front of a pod could then answer only to
 * clients whose address it hides; routed, a pod sees the address of the pod that calls it.
 *
 * <p>What leaves the cluster gets the host's address, by a table of our own.
 *
 * @param subnet addresses of this node's pods, for example {@code 10.244.0.0/24}
 * @param clusterSubnet addresses of all pods, which see each other's own
 */
public record PodNetwork(String subnet, String clusterSubnet) {

  static final String NAME = "shiplog";

  /** Its configuration, in the directory of networks. */
  static final String FILE = "10-shiplog.conflist";

  private static final Duration COMMAND = Duration.ofSeconds(20);
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");

  /** The configuration of the network plug-ins. */
  String configuration(Path addressDirectory) {
    return """
    {
      "cniVersion": "0.4.0",
      "name": "shiplog",
      "plugins": [
        {
          "type": "ptp",
          "ipam": {
            "type": "host-local",
            "dataDir": "%s",
            "ranges": [[{"subnet": "%s"}]],
            "routes": [{"dst": "0.0.0.0/0"}]
          }
        },
        {
          "type": "portmap",
          "capabilities": {"portMappings": true}
        }
      ]
    }
    """
        .formatted(addressDirectory.toString().replace("\\", "\\\\").replace("\"", "\\\""), subnet);
  }

  /**
   * Makes the host forward packets of the pods. Repeatable.
   *
   * @throws ContainerdException if the subnet is somebody else's, or the kernel refuses
   */
  void setUp(Programs programs) {
    refuseForeignSubnet(programs);
    forward();
    run(List.of(programs.nft().toString(), "-f", "-"), masquerading());
    openFirewall(programs);
  }

  /** Takes away what {@link #setUp} made; routes and links went with the pods. */
  void tearDown(Programs programs) {
    run(
        List.of(programs.nft().toString(), "-f", "-"),
        "add table ip %1$s\ndelete table ip %1$s\n".formatted(table()));
    for (List<String> rule : firewallRules()) {
      while (iptables(programs, "-C", rule).succeeded()
          && iptables(programs, "-D", rule).succeeded()) {
        // Once for each time it was added.
      }
    }
    HostPortChains.removeUnused(programs.iptables());
  }

  /** One table for each subnet, so that several nodes on one machine do not meet. */
  private String table() {
    return "shiplog-pods-" + subnet.replace('/', '_');
  }

  String masquerading() {
    return """
    add table ip %1$s
    delete table ip %1$s
    table ip %1$s {
      chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr %2$s ip daddr != { %3$s, 224.0.0.0/4 } masquerade
      }
    }
    """
        .formatted(table(), subnet, clusterSubnet);
  }

  private static void forward() {
    try {
      if (!Files.readString(FORWARDING).strip().equals("1")) {
        Files.writeString(FORWARDING, "1");
      }
    } catch (IOException e) {
      throw new ContainerdException("cannot switch on " + FORWARDING + ": " + e.getMessage(), e);
    }
  }

  /**
   * Docker makes the firewall drop whatever it does not know. A rule of another table cannot
   * overrule that, so the pods are let through in that firewall itself; where it accepts anyway,
   * nothing is added to it.
   */
  private void openFirewall(Programs programs) {
    HostCommand.Result policy =
        HostCommand.run(
            COMMAND, List.of(programs.iptables().toString(), "-w", "10", "-S", "FORWARD"));
    if (!policy.output().contains("-P FORWARD DROP")) {
      return;
    }
    for (List<String> rule : firewallRules()) {
      if (!iptables(programs, "-C", rule).succeeded()) {
        HostCommand.Result added = iptables(programs, "-I", rule);
        if (!added.succeeded()) {
          throw new ContainerdException(
              "the firewall drops packets of pods, and they cannot be let through: "
                  + added.lastWords());
        }
      }
    }
  }

  private List<List<String>> firewallRules() {
    Function<String, List<String>> rule =
        direction ->
            List.of(
                direction, subnet, "-m", "comment", "--comment", "shiplog pods", "-j", "ACCEPT");
    return List.of(rule.apply("-s"), rule.apply("-d"));
  }

  private static HostCommand.Result iptables(Programs programs, String what, List<String> rule) {
    var command =
        new ArrayList<>(List.of(programs.iptables().toString(), "-w", "10", what, "FORWARD"));
    command.addAll(rule);
    return HostCommand.run(COMMAND, command);
  }

  /** A link with the subnet is a bridge or network card of somebody else; ours have one address. */
  private void refuseForeignSubnet(Programs programs) {
    HostCommand.Result routes =
        HostCommand.run(COMMAND, List.of(programs.ip().toString(), "-4", "-o", "route", "show"));
    Subnet own = Subnet.parse(subnet);
    routes
        .output()
        .lines()
        .filter(line -> line.contains("scope link") && !line.contains(" via "))
        .filter(line -> Subnet.find(line.split(" ", 2)[0]).filter(own::isWithin).isPresent())
        .findFirst()
        .ifPresent(route -> {
          throw new ContainerdException(
              "the pods' subnet "
                  + subnet
                  + " is in use on this machine ("
                  + route.strip()
                  + "); choose another.");
        });
  }

  private static void run(List<String> command, String input) {
    HostCommand.Result result = HostCommand.run(COMMAND, command, Map.of(), input);
    if (!result.succeeded()) {
      throw new ContainerdException(
          "the kernel does not take the packet filter rules of the pods' network: "
              + result.lastWords());
    }
  }
}
