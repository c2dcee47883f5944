package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.cycle.Bunch.Placed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Decisions that wait to be sent together: what is decided within a few milliseconds goes into one
 * command and one commit, which costs a fraction of one for each. One thread.
 */
final class PendingBinds {

  /** Keeps a command, and the journal entry it becomes, well below what those may hold. */
  static final int MOST_TOGETHER = 64;

  private final Outbox outbox;
  private final Bindings bindings;
  private final List<Placed> waiting = new ArrayList<>();

  PendingBinds(Outbox outbox, Bindings bindings) {
    this.outbox = outbox;
    this.bindings = bindings;
  }

  int size() {
    return waiting.size();
  }

  /** One that was refused in company is sent alone: whatever was in the way may have been its. */
  void add(Placed placed, long nowMs) {
    if (placed.queued().wasRefused()) {
      send(List.of(placed), false, nowMs);
      return;
    }
    waiting.add(placed);
    if (waiting.size() >= MOST_TOGETHER) {
      flush(nowMs);
    }
  }

  /** Sends what waits. */
  void flush(long nowMs) {
    if (!waiting.isEmpty()) {
      byTrace().forEach(together -> send(together, false, nowMs));
      waiting.clear();
    }
  }

  /** A commit belongs to one trace, so pods of several are not bound together. */
  private Collection<List<Placed>> byTrace() {
    return waiting.stream()
        .collect(
            Collectors.groupingBy(
                placed -> outbox.traceOf(placed.placing().pod()),
                LinkedHashMap::new,
                Collectors.toList()))
        .values();
  }

  /** Sends these now, as one. */
  void send(List<Placed> placed, boolean allOrNone, long nowMs) {
    String id = outbox.bind(placed.stream().map(Placed::placing).toList(), allOrNone);
    for (Placed each : placed) {
      bindings.put(new Binding(each.queued(), each.placing(), allOrNone, id, nowMs));
    }
  }
}
