package dev.shiplog.api.journal;

import dev.shiplog.api.commands.CommandLedger;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.State;
import dev.shiplog.api.view.View;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryFilter;
import dev.shiplog.topics.journal.EntryFilter.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows from the journal up to a place in it: the same on every server that has read so far.
 * Applying never refuses. It is idempotent: what is known at a newer revision stays as it is, so
 * the state it starts from may be ahead of the journal. The loop's thread alone, but for {@link
 * #published}.
 */
final class Applied {

  private final EntryReader reader;
  private final EntryFilter filter;
  private final View view;
  private final Anchors anchors = new Anchors();
  private final StaleSeals stale;
  private State state;
  private CommandLedger ledger;
  private String clusterId;
  private Entry.Claim leader;
  private long position;
  private long lastRevision;
  private long lastTimeMs = Anchor.UNKNOWN;
  private volatile AppliedPosition published;

  /**
   * Starts from a place in the journal.
   *
   * @param filter the counting rule as of this place
   * @param clusterId empty if no claim was ever seen
   * @param leader the claim in force there; null if it is not known
   * @param view holds the state and the position to start from
   */
  Applied(
      EntryReader reader,
      EntryFilter filter,
      CommandLedger ledger,
      String clusterId,
      Entry.Claim leader,
      View view) {
    this(reader, filter, ledger, clusterId, leader, view, new StaleSeals(reader.sealing()));
  }

  /**
   * The same.
   *
   * @param stale those of the state to start from
   */
  Applied(
      EntryReader reader,
      EntryFilter filter,
      CommandLedger ledger,
      String clusterId,
      Entry.Claim leader,
      View view,
      StaleSeals stale) {
    this.stale = stale;
    this.reader = reader;
    this.filter = filter;
    this.ledger = ledger;
    this.clusterId = clusterId;
    this.leader = leader;
    this.view = view;
    this.state = view.current();
    this.position = view.position();
    this.lastRevision = view.floor();
    anchors.add(anchor());
    this.published = here();
  }

  /** Which objects of the state are sealed otherwise than they would be now. */
  StaleSeals staleSeals() {
    return stale;
  }

  State state() {
    return state;
  }

  CommandLedger ledger() {
    return ledger;
  }

  String clusterId() {
    return clusterId;
  }

  /** The claim in force, or null. */
  Entry.Claim leader() {
    return leader;
  }

  long epoch() {
    return filter.epoch();
  }

  long sequence() {
    return filter.sequence();
  }

  /** The offset of the next entry. */
  long position() {
    return position;
  }

  /** Places from which the journal can be read again. Any thread may look them up. */
  Anchors anchors() {
    return anchors;
  }

  /** Moves past the next entry; whether it counts is to be followed by one of the methods below. */
  Verdict judge(TailedEntry tailed) {
    if (anchors.isDue(position)) {
      anchors.add(anchor());
    }
    position = tailed.offset() + 1;
    if (tailed.entry() instanceof Entry.Sequenced written) {
      lastTimeMs = timeAfter(written.timeMs());
    }
    return filter.judge(tailed.entry());
  }

  /** Clocks differ from leader to leader: an anchor's time is not before what stands before it. */
  private long timeAfter(long timeMs) {
    return lastTimeMs == Anchor.UNKNOWN ? timeMs : Math.max(lastTimeMs, timeMs);
  }

  private Anchor anchor() {
    return new Anchor(position, lastRevision, filter.epoch(), filter.sequence(), lastTimeMs);
  }

  /** Moves past offsets that hold no entry. */
  void moveTo(long offset) {
    position = Math.max(position, offset);
  }

  /** Revisions go on above this one. */
  void reachRevision(long revision) {
    state = state.atLeast(revision);
  }

  /** Applies an entry that counts and was not decided here. */
  void apply(TailedEntry tailed) {
    switch (tailed.entry()) {
      case Entry.Claim claim -> apply(claim);
      case Entry.Commit commit -> apply(commit, tailed.afters());
      case Entry.Skip skip -> ledger = ledger.after(skip.origin());
      case Entry.Heartbeat _ -> {}
      case Entry.Mark _ -> throw new IllegalStateException("a mark never counts");
    }
  }

  /**
   * Applies a claim that counts.
   *
   * @throws IllegalStateException if it is of another cluster
   */
  void apply(Entry.Claim claim) {
    if (!clusterId.isEmpty() && !clusterId.equals(claim.clusterId())) {
      throw new IllegalStateException(
          "the journal holds a claim of cluster %s, but this is cluster %s: two clusters use the same topics; give one of them another topic prefix"
              .formatted(claim.clusterId(), clusterId));
    }
    clusterId = claim.clusterId();
    leader = claim;
    state = state.atLeast(claim.revisionFloor());
    lastRevision = Math.max(lastRevision, claim.revisionFloor());
  }

  /** Takes over what was decided here, once its entry counts: it is what applying it would give. */
  void adopt(Decision.Append decided) {
    state = decided.state();
    ledger = decided.ledger();
    lastRevision = state.revision();
    for (Decision.Event event : decided.events()) {
      StoredEvent changed = event.event();
      StoredObject named = changed.after() == null ? changed.before() : changed.after();
      stale.sealedAnew(named.key());
      view.record(event.resource(), changed);
    }
  }

  /**
   * What a commit led to.
   *
   * @param entry the entry it was made of, which was applied just now
   */
  CommitResult resultOf(CommitRequest request, Entry.Commit entry) {
    List<StoredObject> objects = new ArrayList<>(request.changes().size());
    for (ProposedChange change : request.changes()) {
      objects.add(
          switch (change) {
            case ProposedChange.Create(ObjectKey key, _) -> state.get(key.resource(), key.text());
            case ProposedChange.Update(ObjectKey key, _, _) ->
                state.get(key.resource(), key.text());
            case ProposedChange.Delete(ObjectKey key, _) -> deleted(key, entry);
          });
    }
    return new CommitResult(objects, entry.changes().getLast().revision());
  }

  private EncodedObject deleted(ObjectKey key, Entry.Commit entry) {
    String text = key.text();
    Change change =
        entry.changes().stream()
            .filter(c -> c.resource().equals(key.resource()) && c.key().equals(text))
            .findFirst()
            .orElseThrow();
    return reader.before(change).withRevision(change.revision());
  }

  /** Shows readers and watchers what was applied. */
  void publish() {
    published = here();
    view.publish(state, position);
  }

  /** How far was published. Any thread. */
  AppliedPosition published() {
    return published;
  }

  private AppliedPosition here() {
    return new AppliedPosition(
        clusterId, position, state.revision(), filter.epoch(), filter.sequence(), ledger);
  }

  private void apply(Entry.Commit commit, List<EncodedObject> decoded) {
    List<EncodedObject> afters = decoded.isEmpty() ? reader.afters(commit) : decoded;
    for (int i = 0; i < afters.size(); i++) {
      apply(commit.changes().get(i), afters.get(i));
    }
    ledger = ledger.after(commit.origin());
  }

  private void apply(Change change, EncodedObject decoded) {
    EncodedObject known = state.get(change.resource(), change.key());
    boolean isKnown = known != null && known.revision() >= change.revision();
    EncodedObject before = change.before() == null ? null : before(change, known);
    EncodedObject after = decoded == null ? null : after(decoded, before, known);
    if (!isKnown) {
      state =
          after == null
              ? state.minus(change.resource(), change.key(), change.revision())
              : state.plus(after);
    }
    if (!isKnown) {
      stale.stored(change.resource(), change.key(), change.after());
    }
    state = state.atLeast(change.revision());
    lastRevision = Math.max(lastRevision, change.revision());
    EncodedObject deleted = after == null ? before.withRevision(change.revision()) : null;
    view.record(change.resource(), new StoredEvent(change.revision(), before, after, deleted));
  }

  /** The object before the change: the instance that is known, where it is that one. */
  private EncodedObject before(Change change, EncodedObject known) {
    return known != null && reader.isBefore(known, change) ? known : reader.before(change);
  }

  private static EncodedObject after(
      EncodedObject decoded, EncodedObject before, EncodedObject known) {
    if (known != null && known.revision() == decoded.revision()) {
      return known;
    }
    return before == null ? decoded : decoded.sharing(before);
  }
}
