package dev.shiplog.agent.policy;

import dev.shiplog.agent.policy.PodIsolation.Ports;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Ports as sets of the packet filter take them: no two ranges of a protocol meet. */
final class PortRanges {

  private PortRanges() {}

  /** The ranges by protocol, sorted and joined. */
  static SortedMap<String, List<Ports>> byProtocol(List<Ports> ports) {
    SortedMap<String, List<Ports>> joined = new TreeMap<>();
    ports.stream()
        .sorted(Comparator.comparingInt(Ports::first))
        .forEach(
            each -> add(joined.computeIfAbsent(each.protocol(), p -> new ArrayList<>()), each));
    return joined;
  }

  private static void add(List<Ports> ranges, Ports next) {
    if (!ranges.isEmpty() && next.first() <= ranges.getLast().last() + 1) {
      Ports before = ranges.removeLast();
      ranges.add(
          new Ports(before.protocol(), before.first(), Math.max(before.last(), next.last())));
    } else {
      ranges.add(next);
    }
  }
}
