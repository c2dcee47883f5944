package dev.shiplog.scheduler.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.scheduler.model.NodeReader;
import dev.shiplog.scheduler.model.PodReader;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Feeds an {@link OvercommitChecker} from the store topics of pods and nodes, from their start to
 * the end they have now. What compaction has taken away is not seen: of a pod that came and went
 * long ago nothing may be left. One thread.
 */
public final class OvercommitReplay {

  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final StorageResource NODES = StorageResource.of("nodes", "");
  private static final Duration POLL = Duration.ofMillis(500);

  /** So many polls in a row that bring nothing: then the end will not come. */
  private static final int MOST_EMPTY_POLLS = 60;

  private final LogSource log;
  private final TopicNames names;

  public OvercommitReplay(LogSource log, TopicNames names) {
    this.log = log;
    this.names = names;
  }

  private record Change(long revision, Consumer<OvercommitChecker> change) {}

  /**
   * Replays what there is.
   *
   * @throws LogUnavailableException if the topics cannot be read to their end
   */
  public OvercommitChecker run() {
    List<Change> changes = new ArrayList<>();
    read(NODES, record -> changes.add(node(record)));
    read(PODS, record -> changes.add(pod(record)));
    changes.sort(Comparator.comparingLong(Change::revision));
    OvercommitChecker checker = new OvercommitChecker();
    changes.forEach(each -> each.change().accept(checker));
    return checker;
  }

  private static Change node(StoredRecord stored) {
    long revision = revision(stored);
    JsonNode json = json(stored);
    return new Change(
        revision,
        checker ->
            checker.node(revision, key(stored), json == null ? null : NodeReader.read(json)));
  }

  private static Change pod(StoredRecord stored) {
    long revision = revision(stored);
    JsonNode json = json(stored);
    return new Change(
        revision,
        checker -> checker.pod(revision, key(stored), json == null ? null : PodReader.read(json)));
  }

  private void read(StorageResource resource, Consumer<StoredRecord> consumer) {
    Partition partition = Partition.only(names.store(resource));
    var range = log.range(partition, Isolation.READ_COMMITTED);
    try (LogReader reader = log.openReader(Isolation.READ_COMMITTED)) {
      reader.assign(Map.of(partition, range.start()));
      int empty = 0;
      while (reader.position(partition) < range.end()) {
        List<StoredRecord> records = reader.poll(POLL);
        records.forEach(consumer);
        empty = records.isEmpty() ? empty + 1 : 0;
        if (empty > MOST_EMPTY_POLLS) {
          throw new LogUnavailableException(
              "topic " + partition.topic() + " could not be read to its end");
        }
      }
    }
  }

  private static String key(StoredRecord stored) {
    return new String(stored.record().key(), StandardCharsets.UTF_8);
  }

  private static JsonNode json(StoredRecord stored) {
    byte[] value = stored.record().value();
    return value == null ? null : Json.read(value, JsonNode.class);
  }

  private static long revision(StoredRecord stored) {
    byte[] header = stored.record().headers().get(RecordHeaders.REVISION);
    if (header == null) {
      throw new IllegalStateException(
          "the record at offset %d of %s names no revision"
              .formatted(stored.offset(), stored.partition().topic()));
    }
    return Long.parseLong(new String(header, StandardCharsets.UTF_8));
  }
}
