package dev.shiplog.api.projection;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.TopicLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Keeps the journal to its history. It is cut only at an anchor, which says what must be known to
 * read on from there, and which was committed together with a checkpoint: so never past that. The
 * projection's thread alone.
 */
final class JournalRetention {

  private static final Logger LOG = Logger.getLogger(JournalRetention.class);

  private final TopicLog log;
  private final Partition journal;
  private final ProjectionSettings settings;
  private final TreeMap<Long, Long> timeByOffset = new TreeMap<>();
  private final TreeMap<Long, Long> uncommitted = new TreeMap<>();
  private long lookedMs;

  /**
   * Makes one.
   *
   * @param anchors the anchors there are
   * @param nowMs from here on it waits as after a look
   */
  JournalRetention(
      TopicLog log,
      Partition journal,
      ProjectionSettings settings,
      List<CheckpointLog.Anchor> anchors,
      long nowMs) {
    this.log = log;
    this.journal = journal;
    this.settings = settings;
    this.lookedMs = nowMs;
    anchors.forEach(anchor -> timeByOffset.put(anchor.checkpoint().offset(), anchor.timeMs()));
  }

  /** Whether the last anchor is far enough away. */
  boolean isAnchorDue(long offset) {
    long last = timeByOffset.isEmpty() ? 0 : timeByOffset.lastKey();
    return offset - last >= settings.anchorEvery();
  }

  /** An anchor was added to the transaction under way. */
  void anchored(long offset, long timeMs) {
    uncommitted.put(offset, timeMs);
  }

  /** The transaction under way was committed. */
  void committed() {
    timeByOffset.putAll(uncommitted);
    uncommitted.clear();
  }

  /** Where what is older than the history ends, if it is time to look and there is any. */
  Optional<Long> due(long nowMs) {
    if (nowMs - lookedMs < settings.truncateEvery().toMillis()) {
      return Optional.empty();
    }
    lookedMs = nowMs;
    return oldEnough(nowMs - settings.history().toMillis())
        .filter(offset -> offset > log.range(journal, Isolation.READ_UNCOMMITTED).start());
  }

  /** The anchors that the journal does not go back to if it is cut there. */
  List<Long> anchorsBefore(long offset) {
    return List.copyOf(timeByOffset.headMap(offset).keySet());
  }

  /** Cuts it, once it is sure that nobody else projects. */
  void truncateBefore(long offset) {
    log.truncateBefore(journal, offset);
    LOG.infof("the journal starts at offset %d now: it is kept for %s", offset, settings.history());
    timeByOffset.headMap(offset).clear();
  }

  /**
   * Something is being written again from the journal: until a while after it, when disks have it,
   * nothing is dropped.
   */
  void postpone(long nowMs) {
    lookedMs = nowMs;
  }

  /** The newest anchor that is as old, and so is everything before it. */
  private Optional<Long> oldEnough(long timeMs) {
    Long newest = null;
    for (Map.Entry<Long, Long> anchor : timeByOffset.entrySet()) {
      if (anchor.getValue() > timeMs) {
        break;
      }
      newest = anchor.getKey();
    }
    return Optional.ofNullable(newest);
  }
}
