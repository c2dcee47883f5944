package dev.shiplog.streams.kit.kafka;

import dev.shiplog.streams.kit.core.CatchUp;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * Finds the last record of every store topic and waits until it was read. Kafka Streams does not
 * tell how far it is behind, and an end offset does not say where the last record is (markers of
 * transactions lie between), so a reader of its own looks at what has not been read yet; that is
 * next to nothing after a restore. It looks on another thread: its calls block.
 */
final class LogCatchUp implements CatchUp {

  private static final Logger LOG = Logger.getLogger(LogCatchUp.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final LogSource log;
  private final Collection<String> topics;
  private final ReadProgress progress;
  private final Executor executor;
  private final FaultHandler faults;
  private volatile Look current = new Look();

  /** One look at the topics' ends. */
  private static final class Look {
    private volatile Map<String, Long> lastRecords;
  }

  LogCatchUp(
      LogSource log,
      Collection<String> topics,
      ReadProgress progress,
      Executor executor,
      FaultHandler faults) {
    this.log = log;
    this.topics = List.copyOf(topics);
    this.progress = progress;
    this.executor = executor;
    this.faults = faults;
  }

  @Override
  public void start() {
    Look look = new Look();
    current = look;
    executor.execute(() -> find(look));
  }

  @Override
  public boolean done() {
    Map<String, Long> lastRecords = current.lastRecords;
    return lastRecords != null
        && lastRecords.entrySet().stream()
            .allMatch(entry -> progress.lastOffset(entry.getKey()) >= entry.getValue());
  }

  private void find(Look look) {
    while (look == current && look.lastRecords == null) {
      try {
        look.lastRecords = lastRecords();
      } catch (LogUnavailableException e) {
        LOG.infof("the ends of the store topics are not known yet: %s", e.getMessage());
      } catch (RuntimeException e) {
        faults.fault("looking for the ends of the store topics", e);
        return;
      }
    }
  }

  private Map<String, Long> lastRecords() {
    Map<Partition, Long> positions = new HashMap<>();
    Map<Partition, Long> ends = new HashMap<>();
    for (String topic : topics) {
      Partition partition = Partition.only(topic);
      OffsetRange range = log.range(partition, Isolation.READ_COMMITTED);
      long next = Math.max(progress.lastOffset(topic) + 1, range.start());
      if (next < range.end()) {
        positions.put(partition, next);
        ends.put(partition, range.end());
      }
    }
    return positions.isEmpty() ? Map.of() : readToEnds(positions, ends);
  }

  private Map<String, Long> readToEnds(Map<Partition, Long> positions, Map<Partition, Long> ends) {
    Map<String, Long> lastRecords = new HashMap<>();
    try (LogReader reader = log.openReader(Isolation.READ_COMMITTED)) {
      reader.assign(positions);
      while (!ends.isEmpty()) {
        for (StoredRecord record : reader.poll(POLL)) {
          if (record.offset() < ends.getOrDefault(record.partition(), 0L)) {
            lastRecords.put(record.partition().topic(), record.offset());
          }
        }
        ends.entrySet().removeIf(end -> reader.position(end.getKey()) >= end.getValue());
      }
    }
    return lastRecords;
  }
}
