package dev.shiplog.api.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.commands.CommandLedger;
import dev.shiplog.api.journal.Decision.Event;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.status.Refused;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.ObjectTemplate;
import dev.shiplog.api.view.Sameness;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.seal.Sealing;
import dev.shiplog.topics.trace.LogScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Decides: from all that was decided before and what is asked for, to an entry and an answer, or a
 * refusal. Pure; nothing here is remembered from one decision to the next.
 */
final class Decider {

  private static final Logger LOG = Logger.getLogger(Decider.class);

  private final ObjectCodec codec;
  private final List<CommitRule> rules;
  private final int maxObjectBytes;
  private final int maxEntryBytes;
  private final Sealing sealing;
  private final StaleSeals stale;

  /** Seals nothing. */
  Decider(ObjectCodec codec, Collection<CommitRule> rules, int maxObjectBytes, int maxEntryBytes) {
    this(codec, rules, maxObjectBytes, maxEntryBytes, Sealing.NONE, new StaleSeals(Sealing.NONE));
  }

  /**
   * Makes it.
   *
   * @param stale whose seals are to be made anew when they are written
   */
  Decider(
      ObjectCodec codec,
      Collection<CommitRule> rules,
      int maxObjectBytes,
      int maxEntryBytes,
      Sealing sealing,
      StaleSeals stale) {
    this.sealing = sealing;
    this.stale = stale;
    this.codec = codec;
    this.rules = List.copyOf(rules);
    this.maxObjectBytes = maxObjectBytes;
    this.maxEntryBytes = maxEntryBytes;
  }

  /** Where in the journal the entry will stand, if there is to be one, and what it says of time. */
  record Place(long epoch, long sequence, long timeMs) {}

  /**
   * Decides a submission.
   *
   * @param state all that was decided so far, whether applied or pending
   * @param ledger likewise
   */
  Decision decide(Submission submission, State state, CommandLedger ledger, Place place) {
    try {
      return switch (submission) {
        case Submission.Commit commit -> decide(commit, state, ledger, place);
        case Submission.Skip skip -> decide(skip, state, ledger, place);
      };
    } catch (ApiFailure | StaleException refusal) {
      return new Decision.Refusal(refusal);
    } catch (RuntimeException e) {
      // A rule that fails has changed nothing: one request suffers, not the server.
      Origin origin = submission.origin();
      try (var _ = LogScope.of(origin.auditId(), origin.traceparent())) {
        LOG.errorf(e, "could not decide on request %s: %s", origin.auditId(), origin.requestUri());
      }
      return new Decision.Refusal(
          Failures.internal("the change could not be decided on; the API server's log says why"));
    }
  }

  private Decision decide(Submission.Skip skip, State state, CommandLedger ledger, Place place) {
    skip.origin().command().ifPresent(command -> checkUndecided(command, ledger));
    Entry.Skip entry =
        new Entry.Skip(
            place.epoch(), place.sequence(), place.timeMs(), skip.origin(), skip.result());
    return new Decision.Append(
        encode(entry),
        state,
        ledger.after(skip.origin()),
        List.of(),
        new CommitResult(List.of(), 0));
  }

  private Decision decide(
      Submission.Commit commit, State state, CommandLedger ledger, Place place) {
    commit.origin().command().ifPresent(command -> check(command, ledger));
    Draft draft = new Draft(state, sealing);
    List<Refused> refusals = new ArrayList<>();
    for (int i = 0; i < commit.changes().size(); i++) {
      try {
        change(commit.changes().get(i), draft, commit.dryRun());
      } catch (ApiFailure refusal) {
        refusals.add(new Refused("changes[" + i + "]", refusal));
      }
    }
    Refused.refuseIfAny(refusals);
    CommitResult result =
        new CommitResult(draft.objects, commit.dryRun() ? 0 : draft.lastRevision());
    amend(draft);
    if (draft.changes.isEmpty() || commit.dryRun()) {
      return new Decision.Answer(result);
    }
    return append(commit.origin(), draft, result, ledger, place);
  }

  private Decision append(
      Origin origin, Draft draft, CommitResult result, CommandLedger ledger, Place place) {
    Entry.Commit entry =
        new Entry.Commit(place.epoch(), place.sequence(), place.timeMs(), origin, draft.changes);
    return new Decision.Append(
        encode(entry), draft.state, ledger.after(origin), draft.events, result);
  }

  private void change(PreparedChange change, Draft draft, boolean dryRun) {
    switch (change) {
      case PreparedChange.Put put -> put(put, draft, dryRun);
      case PreparedChange.Remove remove -> remove(remove, draft);
    }
  }

  private void put(PreparedChange.Put put, Draft draft, boolean dryRun) {
    EncodedObject before = draft.state.get(put.key().resource(), put.keyText());
    if (put.create()) {
      checkFree(put.key(), before);
    } else {
      checkRevision(put.key(), put.expectedRevision(), before);
    }
    Proposed after = complete(put, before, draft.state);
    if (before != null && after.saysTheSameAs(before) && !stale.contain(put.key())) {
      draft.objects.add(before);
      return;
    }
    draft.put(
        before,
        after.template().at(dryRun ? revision(before) : draft.nextRevision()),
        after.object());
  }

  /** Adds what the rules say changes along. */
  private void amend(Draft draft) {
    if (draft.changed.isEmpty()) {
      return;
    }
    for (CommitRule rule : rules) {
      for (CommitRule.Amendment amendment : rule.amend(draft.state, draft.changed)) {
        amend(amendment, draft);
      }
    }
  }

  private void amend(CommitRule.Amendment amendment, Draft draft) {
    ObjectKey key = amendment.key();
    String keyText = key.text();
    EncodedObject before = draft.state.get(key.resource(), keyText);
    if (amendment.after() == null) {
      var _ = draft.erase(before);
      return;
    }
    ObjectTemplate template = codec.encode(key, keyText, amendment.after());
    Preparation.checkSize(template, key, maxObjectBytes);
    ObjectTemplate shared = before == null ? template : template.sharing(before);
    draft.record(before, shared.at(draft.nextRevision()));
  }

  private void remove(PreparedChange.Remove remove, Draft draft) {
    EncodedObject before = draft.state.get(remove.key().resource(), remove.keyText());
    checkRevision(remove.key(), remove.expectedRevision(), before);
    for (CommitRule rule : rules) {
      if (rule.concerns(remove.key().resource())) {
        rule.check(draft.state, remove.key(), before, null);
      }
    }
    draft.remove(before);
  }

  /** Lets the rules check the object, and encodes it again if one of them may have changed it. */
  private Proposed complete(PreparedChange.Put put, EncodedObject before, State state) {
    StorageResource resource = put.key().resource();
    boolean completes = false;
    for (CommitRule rule : rules) {
      completes |= rule.concerns(resource) && rule.completes(resource);
    }
    // A copy, since the same change is decided again if its entry never counts.
    ObjectNode object = completes ? put.object().deepCopy() : put.object();
    for (CommitRule rule : rules) {
      if (rule.concerns(resource)) {
        rule.check(state, put.key(), before, object);
      }
    }
    if (!completes) {
      return new Proposed(put.template(), object, put.comparedWith(), put.sameAsCompared());
    }
    ObjectTemplate template = codec.encode(put.key(), put.keyText(), object);
    Preparation.checkSize(template, put.key(), maxObjectBytes);
    return new Proposed(template, object, null, false);
  }

  private byte[] encode(Entry entry) {
    byte[] value = EntryCodec.encode(entry);
    if (value.length > maxEntryBytes) {
      throw Failures.tooLarge(
          "the change would take %d bytes in the journal; at most %d can be written at once"
              .formatted(value.length, maxEntryBytes));
    }
    return value;
  }

  private static void checkFree(ObjectKey key, EncodedObject before) {
    if (before != null) {
      throw Failures.alreadyExists(key.resource().group(), key.resource().plural(), key.name());
    }
  }

  private static void checkRevision(ObjectKey key, long expected, EncodedObject before) {
    if (before == null || before.revision() != expected) {
      throw new StaleException(key, revision(before));
    }
  }

  private static long revision(EncodedObject object) {
    return object == null ? 0 : object.revision();
  }

  private static void check(CommandRef command, CommandLedger ledger) {
    checkUndecided(command, ledger);
    if (ledger.isSuperseded(command)) {
      throw Failures.failure(
          Reason.CONFLICT,
          "generation %d of application %s is no longer active: generation %d is"
              .formatted(
                  command.generation(),
                  command.application(),
                  ledger.generation(command.application())),
          null);
    }
  }

  private static void checkUndecided(CommandRef command, CommandLedger ledger) {
    if (ledger.isDecided(command)) {
      throw Failures.failure(
          Reason.CONFLICT,
          "the command at offset %d was decided already".formatted(command.offset()),
          null);
    }
  }

  /** A transaction while it is being decided. */
  private static final class Draft {
    private State state;
    private long revision;
    private final List<Change> changes = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final List<StoredObject> objects = new ArrayList<>();
    private final List<CommitRule.Changed> changed = new ArrayList<>();
    private final Sealing sealing;

    Draft(State state, Sealing sealing) {
      this.sealing = sealing;
      this.state = state;
      this.revision = state.revision();
    }

    long nextRevision() {
      revision++;
      return revision;
    }

    long lastRevision() {
      return changes.isEmpty() ? 0 : revision;
    }

    void put(EncodedObject before, EncodedObject after, ObjectNode tree) {
      record(before, after);
      objects.add(after);
      changed.add(new CommitRule.Changed(after.key(), before, tree));
    }

    void record(EncodedObject before, EncodedObject after) {
      state = state.plus(after);
      add(after, new StoredEvent(after.revision(), before, after, null), before, after);
    }

    void remove(EncodedObject before) {
      EncodedObject deleted = erase(before);
      objects.add(deleted);
      changed.add(new CommitRule.Changed(deleted.key(), before, null));
    }

    /** Removes an object that nobody asked about. */
    EncodedObject erase(EncodedObject before) {
      EncodedObject deleted = before.withRevision(nextRevision());
      state = state.minus(before.key().resource(), before.keyText(), deleted.revision());
      add(deleted, new StoredEvent(deleted.revision(), before, null, deleted), before, null);
      return deleted;
    }

    private void add(
        EncodedObject named, StoredEvent event, EncodedObject before, EncodedObject after) {
      StorageResource resource = named.key().resource();
      changes.add(
          new Change(resource, named.keyText(), named.revision(), sealed(before), sealed(after)));
      events.add(new Event(resource, event));
    }

    private SealedValue sealed(EncodedObject object) {
      return object == null
          ? null
          : sealing.seal(object.key().resource(), object.keyText(), object.bytes());
    }
  }

  /** What a change would store. */
  private record Proposed(
      ObjectTemplate template,
      ObjectNode object,
      EncodedObject comparedWith,
      boolean sameAsCompared) {

    boolean saysTheSameAs(EncodedObject stored) {
      boolean compared = comparedWith != null && comparedWith.revision() == stored.revision();
      return compared ? sameAsCompared : Sameness.saysTheSame(template, object, stored);
    }
  }
}
