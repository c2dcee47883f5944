package dev.shiplog.agent.assignments;

import dev.shiplog.agent.store.StoreFollower;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.AssignmentKey;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Follows the assignments of all nodes of this process: the partitions that hold them are read from
 * their start to their end, which gives the snapshot, and from there on each record is passed on as
 * it comes. One reader serves any number of nodes.
 *
 * <p>An unreachable log changes nothing: what was known stays valid and reading goes on where it
 * stopped. Where the log lost the place (it was made anew), everything is read again and told as a
 * new snapshot.
 *
 * <p>State belongs to the thread {@code agent-assignments}, started by {@link #start}.
 */
public final class AssignmentFollower implements AutoCloseable {

  private final StoreFollower follower;
  private volatile boolean told;

  /**
   * A follower that does nothing until it is started.
   *
   * @param topic name of the assignments topic
   * @param partitions how many it has
   * @param listeners by node name; each is told of its own node's pods alone
   */
  public AssignmentFollower(
      LogSource log,
      String topic,
      int partitions,
      Map<String, AssignmentListener> listeners,
      FaultHandler faults) {
    Set<Partition> ours =
        listeners.keySet().stream()
            .map(node -> AssignmentKey.partitionOf(topic, node, partitions))
            .collect(Collectors.toSet());
    Sink sink = new Sink(new AssignmentBook(listeners));
    this.follower = new StoreFollower("agent-assignments", log, ours, sink, faults);
  }

  public void start() {
    follower.start();
  }

  /** Whether its thread makes progress, also while Kafka does not answer. Any thread. */
  public boolean isTurning() {
    return follower.isTurning();
  }

  /** Whether it has told of everything there was when it began. Any thread. */
  public boolean hasCaughtUp() {
    return told;
  }

  /** Stops reading. Nobody is told anything once it has returned. */
  @Override
  public void close() {
    follower.close();
  }

  /** Keeps records back until they are a snapshot. */
  private final class Sink implements StoreFollower.Sink {

    private final AssignmentBook book;
    private boolean restoring;

    Sink(AssignmentBook book) {
      this.book = book;
    }

    @Override
    public void restart() {
      book.clear();
      restoring = true;
    }

    @Override
    public void record(StoredRecord stored) {
      if (restoring) {
        book.restore(stored);
      } else {
        book.apply(stored);
      }
    }

    @Override
    public void caughtUp() {
      if (restoring) {
        restoring = false;
        book.tellSnapshots();
        told = true;
      }
    }
  }
}
