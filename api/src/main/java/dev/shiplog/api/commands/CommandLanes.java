package dev.shiplog.api.commands;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The commands under way: one of each lane is being carried out, those behind it wait. Holds no
 * more than {@link CommandLedger#WINDOW} allows. Mutable; the intake's thread alone.
 */
final class CommandLanes {

  private final Map<String, Deque<ReadCommand>> lanes = new HashMap<>();
  private final TreeSet<Long> undecided = new TreeSet<>();

  /** Whether the command at this offset, greater than any before, may be let in. */
  boolean hasRoomFor(long offset) {
    return undecided.isEmpty() || offset - undecided.first() < CommandLedger.WINDOW;
  }

  /**
   * Lets a command in.
   *
   * @return whether it is the first of its lane, and to be carried out now
   */
  boolean add(ReadCommand command) {
    undecided.add(command.offset());
    Deque<ReadCommand> lane = lanes.computeIfAbsent(command.lane(), _ -> new ArrayDeque<>());
    lane.add(command);
    return lane.size() == 1;
  }

  /** Lets out the first command of its lane; returns the one to be carried out next, if any. */
  Optional<ReadCommand> decided(ReadCommand command) {
    Deque<ReadCommand> lane = lanes.get(command.lane());
    if (lane == null || lane.element().offset() != command.offset()) {
      throw new IllegalStateException("not under way: " + command.ref());
    }
    lane.remove();
    undecided.remove(command.offset());
    if (lane.isEmpty()) {
      lanes.remove(command.lane());
    }
    return Optional.ofNullable(lane.peek());
  }

  /** How many are being carried out or wait. */
  int size() {
    return undecided.size();
  }
}
