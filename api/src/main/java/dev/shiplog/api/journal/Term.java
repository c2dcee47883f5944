package dev.shiplog.api.journal;

import dev.shiplog.api.commands.CommandLedger;
import dev.shiplog.api.journal.Decider.Place;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One epoch under this server's lead: what it decided in it, and what of that is still on its way
 * through the log. State and ledger run ahead of what was applied by exactly the entries that are
 * pending. Ends with the next claim that counts, whoever's it is. The loop's thread alone.
 */
final class Term {

  private final long epoch;
  private final Decider decider;
  private final Appender appender;
  private final InstantSource clock;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private State state;
  private CommandLedger ledger;
  private long sequence;
  private int heartbeatsPending;
  private long lastAppendNanos;

  /** Starts from what was applied up to the claim. */
  Term(
      long epoch,
      Applied applied,
      Decider decider,
      Appender appender,
      InstantSource clock,
      long nowNanos) {
    this.epoch = epoch;
    this.decider = decider;
    this.appender = appender;
    this.clock = clock;
    this.state = applied.state();
    this.ledger = applied.ledger();
    this.lastAppendNanos = nowNanos;
  }

  /**
   * Something decided whose answer waits.
   *
   * @param sequence of its entry, or of the entry it waits for because it was decided after that
   *     one
   * @param submission null for a heartbeat
   * @param decision null for a heartbeat
   */
  record Pending(long sequence, Submission submission, Decision decision) {

    boolean isHeartbeat() {
      return submission == null;
    }

    String traceparent() {
      return isHeartbeat() ? null : submission.origin().traceparent();
    }

    boolean hasEntry() {
      return isHeartbeat() || decision instanceof Decision.Append;
    }
  }

  long epoch() {
    return epoch;
  }

  /**
   * Decides a submission and appends its entry.
   *
   * @return the decision, if it can be answered at once: nothing was to be appended, and everything
   *     it was based on has been applied
   */
  Optional<Decision> submit(Submission submission, long nowNanos) {
    Place place = new Place(epoch, sequence + 1, clock.millis());
    Decision decision = decider.decide(submission, state, ledger, place);
    switch (decision) {
      case Decision.Append append -> {
        state = append.state();
        ledger = append.ledger();
        append(append.value(), new Pending(place.sequence(), submission, append), nowNanos);
      }
      case Decision.Answer _, Decision.Refusal _ -> {
        if (pending.isEmpty()) {
          return Optional.of(decision);
        }
        pending.add(new Pending(sequence, submission, decision));
      }
    }
    return Optional.empty();
  }

  /** Shows that this leader lives, if it has not shown it lately; one on its way is enough. */
  void heartbeat(long nowNanos, long everyNanos) {
    if (nowNanos - lastAppendNanos >= everyNanos && heartbeatsPending == 0) {
      heartbeatsPending++;
      Entry entry = new Entry.Heartbeat(epoch, sequence + 1, clock.millis());
      append(EntryCodec.encode(entry), new Pending(sequence + 1, null, null), nowNanos);
    }
  }

  /**
   * An entry of this epoch counts.
   *
   * @return what was pending for it, first its own, then what was answered on its ground
   * @throws IllegalStateException if it is not the next one: somebody else writes in this epoch
   */
  List<Pending> counted(long counted) {
    Pending own = pending.peek();
    if (own == null || own.sequence() != counted || !own.hasEntry()) {
      throw new IllegalStateException(
          "entry %d of epoch %d counts, but this leader did not write it: two servers run with one id and claim"
              .formatted(counted, epoch));
    }
    List<Pending> settled = new ArrayList<>();
    settled.add(pending.remove());
    heartbeatsPending -= own.isHeartbeat() ? 1 : 0;
    while (!pending.isEmpty() && !pending.peek().hasEntry()) {
      settled.add(pending.remove());
    }
    return settled;
  }

  /** What was decided and neither counts nor ever will, now that the term is over; in order. */
  List<Submission> unsettled() {
    return pending.stream().filter(p -> !p.isHeartbeat()).map(Pending::submission).toList();
  }

  /** The submission whose entry has this sequence number, if it is pending. */
  Optional<Submission> pendingAt(long sequenceNumber) {
    return pending.stream()
        .filter(p -> p.hasEntry() && !p.isHeartbeat() && p.sequence() == sequenceNumber)
        .map(Pending::submission)
        .findFirst();
  }

  private void append(byte[] value, Pending entry, long nowNanos) {
    sequence = entry.sequence();
    lastAppendNanos = nowNanos;
    pending.add(entry);
    appender.append(value, epoch, sequence, entry.traceparent());
  }
}
