package dev.shiplog.topics.record;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Up to where the journal has been projected, written in the same transaction as the projections.
 * Record key: {@link #KEY}.
 *
 * @param clusterId the cluster's id
 * @param journalTopicId id of the journal topic; a journal with another id is another history
 * @param offset the next journal offset to project
 * @param revision last revision given out before it
 * @param epoch epoch in force at it
 * @param sequence sequence of the last entry that counted
 * @param leader whose claim that epoch is; empty if nobody's, or in checkpoints that do not say it
 * @param generations per application, the generation in force
 * @param commands what of the commands topic was decided
 * @param ends per projected partition ({@code topic-number}), its end offset at this point
 */
public record Checkpoint(
    String clusterId,
    String journalTopicId,
    long offset,
    long revision,
    long epoch,
    long sequence,
    Optional<Leader> leader,
    Map<String, Long> generations,
    DecidedCommands commands,
    Map<String, Long> ends) {

  public static final String KEY = "checkpoint";

  public Checkpoint {
    leader = leader == null ? Optional.empty() : leader;
    generations = Map.copyOf(generations);
    ends = Map.copyOf(ends);
  }

  /** The same with other ends. */
  public Checkpoint withEnds(Map<String, Long> newEnds) {
    return new Checkpoint(
        clusterId,
        journalTopicId,
        offset,
        revision,
        epoch,
        sequence,
        leader,
        generations,
        commands,
        newEnds);
  }

  /** An API server and where others reach it, as its claim says. */
  public record Leader(String id, String address) {}

  /**
   * Which commands were decided.
   *
   * @param topicId id of the commands topic
   * @param lowestUndecided every command below this offset was decided
   * @param decidedAbove those above it that were decided already, ascending
   */
  public record DecidedCommands(String topicId, long lowestUndecided, List<Long> decidedAbove) {
    public DecidedCommands {
      decidedAbove = List.copyOf(decidedAbove);
    }
  }
}
