package dev.shiplog.streams.kit.core;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a key waits for after it has sent commands. */
final class Rest {

  private static final Set<String> CONTENTION = Set.of("Conflict", "AlreadyExists", "NotFound");

  private static final int REFUSED_KEPT = 8;

  private final Instant deadline;
  private final Map<String, CommandRequest> unanswered = new HashMap<>();
  private final Map<StorageResource, Long> unreached = new HashMap<>();
  private final List<RefusedCommand> refused = new ArrayList<>(0);

  /** By identity: of two commands that ask for the same, each is told of for itself. */
  private final IdentityHashMap<CommandRequest, List<EventRequest>> untold;

  private final String traceparent;
  private Ending ending = Ending.FRUITLESS;

  /** How the commands went; of several the last named here counts. */
  enum Ending {
    /** None changed anything: what was asked for was so already. */
    FRUITLESS,
    /** Something took effect, and nothing was refused. */
    DONE,
    /** Others were faster; fresh views will tell what is left to do. */
    CONTENDED,
    /** Asking again at once would be refused again. */
    REFUSED,
    /** Not all was learned in time. */
    OVERDUE
  }

  /**
   * Begins a rest.
   *
   * @param untold what to tell when the commands it comes after have taken effect
   * @param traceparent the step the commands follow from; null for none
   */
  Rest(Instant deadline, List<EventRequest> untold, String traceparent) {
    this.deadline = deadline;
    this.untold =
        untold.stream().collect(groupingBy(EventRequest::after, IdentityHashMap::new, toList()));
    this.traceparent = traceparent;
  }

  void await(String commandId, CommandRequest command) {
    unanswered.put(commandId, command);
  }

  /** Returns what can be told now. */
  List<EventRequest> onOutcome(Outcome outcome) {
    CommandRequest command = unanswered.remove(outcome.id());
    Ending how = endingOf(outcome);
    if (how == Ending.REFUSED && refused.size() < REFUSED_KEPT) {
      CommandResult result = outcome.result();
      refused.add(new RefusedCommand(command, result.code(), result.reason(), result.message()));
    }
    ending = how.compareTo(ending) > 0 ? how : ending;
    return how == Ending.DONE ? untold.getOrDefault(command, List.of()) : List.of();
  }

  String traceparent() {
    return traceparent;
  }

  /** The views must reach this before the rest ends. */
  void awaitRevision(StorageResource resource, long revision) {
    unreached.merge(resource, revision, Math::max);
  }

  void onRevision(StorageResource resource, long revision) {
    unreached.computeIfPresent(resource, (r, awaited) -> awaited <= revision ? null : awaited);
  }

  boolean isOver() {
    return unanswered.isEmpty() && unreached.isEmpty();
  }

  boolean isOverdue(Instant now) {
    return !now.isBefore(deadline);
  }

  Ending ending() {
    return isOver() ? ending : Ending.OVERDUE;
  }

  Instant deadline() {
    return deadline;
  }

  Set<String> unanswered() {
    return unanswered.keySet();
  }

  /** Some of those that were refused, contention aside. */
  List<RefusedCommand> refused() {
    return refused;
  }

  private static Ending endingOf(Outcome outcome) {
    if (outcome.result().code() < 300) {
      return outcome.revision() == 0 ? Ending.FRUITLESS : Ending.DONE;
    }
    return CONTENTION.contains(outcome.result().reason()) ? Ending.CONTENDED : Ending.REFUSED;
  }
}
