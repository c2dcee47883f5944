package dev.shiplog.agent.eviction;

import dev.shiplog.agent.node.Pressure;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which pressures a node is under. One that is over is still told for a while, so that a node near
 * its limit does not get the same pods again and again. Used by one thread.
 */
final class PressureWatch {

  /** As the kubelet does by default. */
  static final Duration HELD_FOR = Duration.ofMinutes(5);

  private final Duration heldFor;
  private final Map<Pressure, Instant> lastSeen = new EnumMap<>(Pressure.class);

  PressureWatch(Duration heldFor) {
    this.heldFor = heldFor;
  }

  /** Takes in which signals are short now; gives the pressures that the node is to tell. */
  Set<Pressure> observe(Set<Signal> shortNow, Instant now) {
    shortNow.forEach(signal -> lastSeen.put(signal.pressure(), now));
    lastSeen.values().removeIf(at -> at.plus(heldFor).isBefore(now));
    return lastSeen.isEmpty() ? Set.of() : EnumSet.copyOf(lastSeen.keySet());
  }
}
