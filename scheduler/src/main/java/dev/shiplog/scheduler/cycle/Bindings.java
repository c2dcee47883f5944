package dev.shiplog.scheduler.cycle;

import dev.shiplog.topics.journal.CommandResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The pods whose bind commands are on their way. One is settled when its outcome is back <b>and</b>
 * the pods have been read up to the revision the outcome names: only then do the pods that were
 * read show what came of it, and the assumption is no longer needed. One thread.
 */
final class Bindings {

  /** A command that was decided, while its effect is waited for. */
  record Decided(Binding binding, CommandResult result) {}

  private final LinkedHashMap<String, Binding> byPodOldestFirst = new LinkedHashMap<>();
  private final Map<String, List<Binding>> byCommand = new HashMap<>();
  private final PriorityQueue<Decided> decided =
      new PriorityQueue<>(Comparator.comparingLong(d -> d.result().resourceRevision()));

  int size() {
    return byPodOldestFirst.size();
  }

  Optional<Binding> of(String podKey) {
    return Optional.ofNullable(byPodOldestFirst.get(podKey));
  }

  /** Begins to wait for a command, instead of an earlier one for the same pod. */
  void put(Binding binding) {
    drop(binding.podKey());
    byPodOldestFirst.put(binding.podKey(), binding);
    byCommand.computeIfAbsent(binding.commandId(), id -> new ArrayList<>(1)).add(binding);
  }

  /** Waits for it no longer. */
  void drop(String podKey) {
    Binding binding = byPodOldestFirst.remove(podKey);
    if (binding != null) {
      byCommand.computeIfPresent(
          binding.commandId(),
          (id, together) -> together.remove(binding) && together.isEmpty() ? null : together);
    }
  }

  /** Takes in an outcome; those of other commands are none of its business. */
  void decided(String commandId, CommandResult result) {
    List<Binding> together = byCommand.remove(commandId);
    if (together != null) {
      together.forEach(binding -> decided.add(new Decided(binding, result)));
    }
  }

  /** Takes out those that are settled once pods have been read up to a revision. */
  List<Decided> settle(long podsRevision) {
    List<Decided> settled = List.of();
    while (!decided.isEmpty() && decided.peek().result().resourceRevision() <= podsRevision) {
      Decided next = decided.poll();
      if (byPodOldestFirst.remove(next.binding().podKey(), next.binding())) {
        settled = settled.isEmpty() ? new ArrayList<>() : settled;
        settled.add(next);
      }
    }
    return settled;
  }

  /** Those sent before a time whose outcome is still missing. */
  List<Binding> sentBefore(long ms) {
    List<Binding> late = List.of();
    for (Binding binding : byPodOldestFirst.values()) {
      if (binding.sentMs() > ms) {
        break;
      }
      if (byCommand.containsKey(binding.commandId())) {
        late = late.isEmpty() ? new ArrayList<>() : late;
        late.add(binding);
      }
    }
    return late;
  }
}
