package dev.shiplog.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several machines' networks on this one: a network namespace for each host, and one that is the
 * switch between them. Programs run in them see the files and processes of this machine, but
 * another network. Made before any pod runs, as each that is made later would cover pods' own.
 */
final class Hosts implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final String SWITCH = "slswitch";

  private final Map<String, String> addresses = new LinkedHashMap<>();

  /** Hosts of these names, of at most ten characters; the first has 10.98.7.1, and so on. */
  Hosts(String... names) {
    removeNamespace(SWITCH);
    ip("netns add " + SWITCH);
    inside(SWITCH, "ip link set lo up");
    inside(SWITCH, "ip link add br0 type bridge");
    inside(SWITCH, "ip link set br0 up");
    for (String name : names) {
      add(name, "10.98.7." + (addresses.size() + 1));
    }
  }

  private void add(String name, String address) {
    removeNamespace(name);
    ip("netns add " + name);
    addresses.put(name, address);
    ip("link add eth0 netns %s type veth peer name %s netns %s".formatted(name, name, SWITCH));
    inside(SWITCH, "ip link set " + name + " master br0 up");
    inside(name, "ip link set lo up");
    inside(name, "ip address add " + address + "/24 dev eth0");
    inside(name, "ip link set eth0 up");
  }

  String address(String host) {
    return addresses.get(host);
  }

  /** What comes before a command to run it on a host. Files under /sys stay as they are. */
  static List<String> on(String host) {
    return List.of("nsenter", "--net=/run/netns/" + host);
  }

  /** A program to be started as if it were this one, but on a host. */
  static Path program(Path directory, String host, Path program) {
    try {
      Path script = directory.resolve(program.getFileName() + "-on-" + host);
      Files.writeString(
          script, "#!/bin/sh\nexec %s %s \"$@\"\n".formatted(String.join(" ", on(host)), program));
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
      return script;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pulls a host's cable. */
  void unplug(String host) {
    inside(SWITCH, "ip link set " + host + " down");
  }

  void plug(String host) {
    inside(SWITCH, "ip link set " + host + " up");
  }

  /** Runs a command on a host; it must succeed. */
  static String inside(String host, String command) {
    List<String> words = new ArrayList<>(on(host));
    words.addAll(List.of(command.split(" ")));
    return Run.of(words, Map.of(), BOUND).succeeded().out();
  }

  @Override
  public void close() {
    addresses.keySet().forEach(Hosts::removeNamespace);
    removeNamespace(SWITCH);
  }

  private static void removeNamespace(String name) {
    var _ = Run.of(List.of("ip", "netns", "del", name), Map.of(), BOUND);
  }

  private static void ip(String arguments) {
    List<String> words = new ArrayList<>(List.of("ip"));
    words.addAll(List.of(arguments.split(" ")));
    Run.of(words, Map.of(), BOUND).succeeded();
  }
}
