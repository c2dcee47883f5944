package dev.shiplog.api.commands;

import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.Entry.Claim;
import dev.shiplog.topics.journal.Entry.Commit;
import dev.shiplog.topics.journal.Entry.Heartbeat;
import dev.shiplog.topics.journal.Entry.Mark;
import dev.shiplog.topics.journal.Entry.Skip;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.record.Checkpoint.DecidedCommands;
import java.util.List;
import java.util.Map;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePSet;

/**
 * Which commands were decided, and which generation of each application is in force. It follows
 * from the entries that counted, one by one, and so is the same on every server. Immutable.
 *
 * <p>Some offsets never hold a command: what expired before it was decided, and the markers of
 * transactions. They are told from commands that are still to be decided by {@link #WINDOW}: nobody
 * decides a command that lies so far above another one that can still be read.
 */
public final class CommandLedger {

  public static final CommandLedger EMPTY =
      new CommandLedger(HashTreePMap.empty(), "", 0, TreePSet.empty());

  /**
   * How far above the lowest command that is not decided another may lie and be decided. Entries
   * are judged by it for as long as the journal is kept, so a later version may not make it larger.
   */
  public static final int WINDOW = 1024;

  private final HashPMap<String, Long> generations;
  private final String topicId;
  private final long lowestUndecided;
  private final TreePSet<Long> decidedAbove;

  private CommandLedger(
      HashPMap<String, Long> generations,
      String topicId,
      long lowestUndecided,
      TreePSet<Long> decidedAbove) {
    this.generations = generations;
    this.topicId = topicId;
    this.lowestUndecided = lowestUndecided;
    this.decidedAbove = decidedAbove;
  }

  /** What a checkpoint says. */
  public static CommandLedger of(Map<String, Long> generations, DecidedCommands decided) {
    return new CommandLedger(
        HashTreePMap.from(generations),
        decided.topicId(),
        decided.lowestUndecided(),
        TreePSet.from(decided.decidedAbove()));
  }

  /** The ledger after an entry that counted. */
  public CommandLedger after(Entry entry) {
    return switch (entry) {
      case Commit commit -> after(commit.origin());
      case Skip skip -> after(skip.origin());
      case Claim _, Heartbeat _, Mark _ -> this;
    };
  }

  /** The ledger after an entry of this origin. */
  public CommandLedger after(Origin origin) {
    return origin.command().map(this::plus).orElse(this);
  }

  /** Whether an entry for this command has counted. */
  public boolean isDecided(CommandRef command) {
    return command.topicId().equals(topicId) && isDecided(command.offset());
  }

  /** Whether a newer generation of its application is in force: then it must change nothing. */
  public boolean isSuperseded(CommandRef command) {
    return command.generation() < generation(command.application());
  }

  /** The lowest offset of this topic that may hold a command that is not decided. */
  public long lowestUndecided(String commandsTopicId) {
    return commandsTopicId.equals(topicId) ? lowestUndecided : 0;
  }

  /** The generation of an application that is in force; 0 before its first. */
  public long generation(String application) {
    return generations.getOrDefault(application, 0L);
  }

  public Map<String, Long> generations() {
    return generations;
  }

  /** As a checkpoint keeps it. */
  public DecidedCommands decided() {
    return new DecidedCommands(topicId, lowestUndecided, List.copyOf(decidedAbove));
  }

  private boolean isDecided(long offset) {
    return offset < lowestUndecided || decidedAbove.contains(offset);
  }

  private CommandLedger plus(CommandRef command) {
    long generation = Math.max(command.generation(), generation(command.application()));
    HashPMap<String, Long> newGenerations = generations.plus(command.application(), generation);
    if (!command.topicId().equals(topicId)) {
      // Another commands topic: its offsets have nothing to do with the old one's.
      return new CommandLedger(newGenerations, command.topicId(), 0, TreePSet.empty())
          .plus(command);
    }
    if (isDecided(command.offset())) {
      return new CommandLedger(newGenerations, topicId, lowestUndecided, decidedAbove);
    }
    return advanced(newGenerations, decidedAbove.plus(command.offset()));
  }

  private CommandLedger advanced(HashPMap<String, Long> newGenerations, TreePSet<Long> decided) {
    TreePSet<Long> above = decided;
    long lowest = lowestUndecided;
    while (!above.isEmpty() && (above.first() == lowest || above.size() >= WINDOW)) {
      lowest = above.first() + 1;
      above = above.minus(above.first());
    }
    return new CommandLedger(newGenerations, topicId, lowest, above);
  }
}
