package dev.shiplog.api.journal;

import dev.shiplog.api.journal.Submission.Commit;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The commits of a follower that somebody else is to decide. A commit that was sent stays here
 * until it is known what became of it, whatever happens to the connection: either its entry is seen
 * in the journal, or another server's claim is, after which no entry of the one it was sent to can
 * count any more. Entries are told by audit id and keys: one request never asks twice for a key
 * before it has its answer. The loop's thread alone.
 */
final class Handover {

  private final Map<String, List<Commit>> sent = new HashMap<>();
  private final Map<Commit, Long> sentTo = new HashMap<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final List<Unchanged> unchanged = new ArrayList<>();

  private record Waiting(Commit commit, long fromNanos) {}

  /**
   * An answer that is given once what it rests on was applied here.
   *
   * @param revision up to which that is
   */
  record Unchanged(Commit commit, LeaderAnswer.Unchanged answer, long revision) {}

  /** A commit was sent to the leader of an epoch. */
  void sent(Commit commit, long epoch) {
    sentTo.put(commit, epoch);
    sent.computeIfAbsent(auditId(commit), _ -> new ArrayList<>(1)).add(commit);
  }

  /**
   * Whether it is the leader of this epoch that a commit was sent to last. What a leader before it
   * still says of the commit means nothing: it does not lead any more.
   */
  boolean isWith(Commit commit, long epoch) {
    return Long.valueOf(epoch).equals(sentTo.get(commit));
  }

  /** It is known now what becomes of a commit that was sent, or that nothing does. */
  void settled(Commit commit) {
    sentTo.remove(commit);
    sent.computeIfPresent(
        auditId(commit),
        (_, commits) -> {
          commits.remove(commit);
          return commits.isEmpty() ? null : commits;
        });
  }

  /** A commit is not to be sent before the time; a new claim ends the wait. */
  void waits(Commit commit, long fromNanos) {
    waiting.add(new Waiting(commit, fromNanos));
  }

  /** Takes out those whose wait is over. */
  List<Commit> due(long nowNanos) {
    List<Commit> due = new ArrayList<>();
    waiting.removeIf(one -> one.fromNanos() - nowNanos <= 0 && due.add(one.commit()));
    return due;
  }

  /** Whether nothing of the commit left this server, or came of it; it is here no more. */
  boolean withdraw(Submission submission) {
    boolean untouched = waiting.removeIf(one -> one.commit().equals(submission));
    if (submission instanceof Commit commit) {
      settled(commit);
    }
    return untouched;
  }

  /** An entry counts that another server wrote: the commit it was made of, if it is one of ours. */
  Optional<Commit> counted(Entry.Commit entry) {
    List<Commit> candidates = sent.get(entry.origin().auditId());
    if (candidates == null) {
      return Optional.empty();
    }
    Optional<Commit> made = candidates.stream().filter(c -> asksFor(c, entry)).findFirst();
    made.ifPresent(this::settled);
    return made;
  }

  /** Another server leads now than the one that got what was sent: takes all of it out. */
  List<Commit> undecided() {
    List<Commit> commits = new ArrayList<>();
    sent.values().forEach(commits::addAll);
    sent.clear();
    sentTo.clear();
    waiting.forEach(one -> commits.add(one.commit()));
    waiting.clear();
    return commits;
  }

  /** Nothing had to change for a commit; its answer waits until this server has seen as much. */
  void unchanged(Commit commit, LeaderAnswer.Unchanged answer) {
    long revision =
        answer.result().objects().stream().mapToLong(object -> object.revision()).max().orElse(0);
    unchanged.add(new Unchanged(commit, answer, revision));
  }

  /** Takes out the answers that can be given once the revision was applied. */
  List<Unchanged> answerable(long revision) {
    if (unchanged.isEmpty()) {
      return List.of();
    }
    List<Unchanged> ready = new ArrayList<>();
    for (Iterator<Unchanged> all = unchanged.iterator(); all.hasNext(); ) {
      Unchanged one = all.next();
      if (one.revision() <= revision) {
        ready.add(one);
        all.remove();
      }
    }
    return ready;
  }

  private static String auditId(Commit commit) {
    return commit.origin().auditId();
  }

  private static boolean asksFor(Commit commit, Entry.Commit entry) {
    Set<ObjectKey> keys =
        commit.request().changes().stream().map(ProposedChange::key).collect(Collectors.toSet());
    return entry.changes().stream().map(Handover::key).allMatch(keys::contains);
  }

  private static ObjectKey key(Change change) {
    return ObjectKey.parse(change.resource(), change.key());
  }
}
