package dev.shiplog.agent.routes;

import dev.shiplog.agent.host.HostCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernel's routes that are ours: they carry a protocol number of our own, so that a process
 * that was killed leaves nothing that the next one would not know. Used by one thread.
 */
public final class HostRoutes {

  /** Among those that no routing program claims. */
  private static final String PROTOCOL = "183";

  private static final Duration COMMAND = Duration.ofSeconds(10);

  private final List<String> ip;

  /** By the program {@code ip}, with what has to come before it. */
  public HostRoutes(List<String> ip) {
    this.ip = List.copyOf(ip);
  }

  /**
   * Our routes, as they are in the kernel: by subnet the address that leads there.
   *
   * @throws dev.shiplog.agent.host.HostCommandException if they cannot be listed
   */
  Map<String, String> present() {
    Map<String, String> routes = new LinkedHashMap<>();
    run("route", "show", "proto", PROTOCOL)
        .output()
        .lines()
        .map(line -> line.strip().split(" "))
        .filter(words -> words.length > 2 && words[1].equals("via"))
        .forEach(words -> routes.put(words[0], words[2]));
    return routes;
  }

  /** Leads a subnet to a machine on the same network; what was wrong, or nothing. */
  String put(String subnet, String via) {
    HostCommand.Result result = run("route", "replace", subnet, "via", via, "proto", PROTOCOL);
    return result.succeeded() ? "" : result.lastWords();
  }

  /** Takes a route of ours away; one that is gone is no fault. */
  void remove(String subnet) {
    run("route", "del", subnet, "proto", PROTOCOL);
  }

  private HostCommand.Result run(String... arguments) {
    List<String> command = new ArrayList<>(ip);
    command.add("-4");
    command.addAll(List.of(arguments));
    return HostCommand.run(COMMAND, command);
  }
}
