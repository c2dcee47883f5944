package dev.shiplog.api.commands;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The commands under way: one of each lane is being carried out, those behind it wait. One that
 * runs in several lanes is carried out once it is the first of all of them; since a command enters
 * all its lanes at once, no two ever wait for each other. Holds no more than {@link
 * CommandLedger#WINDOW} allows. Mutable; the intake's thread alone.
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
   * @return whether it is the first of its lanes, and to be carried out now
   */
  boolean add(ReadCommand command) {
    undecided.add(command.offset());
    for (String lane : command.lanes()) {
      lanes.computeIfAbsent(lane, _ -> new ArrayDeque<>()).add(command);
    }
    return isFirst(command);
  }

  /** Lets out the first command of its lanes; returns those to be carried out next. */
  List<ReadCommand> decided(ReadCommand command) {
    if (!isFirst(command)) {
      throw new IllegalStateException("not under way: " + command.ref());
    }
    undecided.remove(command.offset());
    List<ReadCommand> next = new ArrayList<>(1);
    for (String lane : command.lanes()) {
      Deque<ReadCommand> waiting = lanes.get(lane);
      waiting.remove();
      if (waiting.isEmpty()) {
        lanes.remove(lane);
      } else {
        next.add(waiting.element());
      }
    }
    next.removeIf(candidate -> !isFirst(candidate));
    return next.stream().distinct().toList();
  }

  private boolean isFirst(ReadCommand command) {
    for (String lane : command.lanes()) {
      Deque<ReadCommand> waiting = lanes.get(lane);
      if (waiting == null || waiting.element().offset() != command.offset()) {
        return false;
      }
    }
    return true;
  }

  /** How many are being carried out or wait. */
  int size() {
    return undecided.size();
  }
}
