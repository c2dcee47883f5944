package dev.shiplog.agent.proxy;

import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.host.HostCommandException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * A way for this machine's own packets to services where it has no network: the kernel looks for a
 * route before it looks at the rules, and without a default route it finds none. Pods do not need
 * it. Used by one thread.
 *
 * @param ip the program
 * @param subnets addresses of services and of load balancers
 */
record ServiceRoute(Path ip, List<String> subnets) {

  private static final Logger LOG = Logger.getLogger(ServiceRoute.class);
  private static final Duration COMMAND = Duration.ofSeconds(10);

  /** Marks the route as ours, among the numbers the kernel leaves to anyone. */
  private static final String OURS = "151";

  /** Adds a route unless there is a way already; without one services still work for pods. */
  void ensure() {
    subnets.forEach(this::ensure);
  }

  private void ensure(String subnet) {
    String address = subnet.substring(0, subnet.indexOf('/'));
    try {
      if (!run("route", "get", address).succeeded()) {
        HostCommand.Result added =
            run("route", "replace", subnet, "dev", "lo", "src", "127.0.0.1", "proto", OURS);
        if (!added.succeeded()) {
          LOG.warnf("services do not answer to this machine: %s", added.lastWords());
        }
      }
    } catch (HostCommandException e) {
      LOG.warnf("services may not answer to this machine: %s", e.getMessage());
    }
  }

  /** Removes the route that this proxy, or one before it, added. */
  void remove() {
    subnets.forEach(this::remove);
  }

  private void remove(String subnet) {
    try {
      var _ = run("route", "delete", subnet, "dev", "lo", "proto", OURS);
    } catch (HostCommandException e) {
      LOG.warnf("cannot remove the route to services: %s", e.getMessage());
    }
  }

  private HostCommand.Result run(String... arguments) {
    var command = new ArrayList<>(List.of(ip.toString(), "-4"));
    command.addAll(List.of(arguments));
    return HostCommand.run(COMMAND, command);
  }
}
