package dev.shiplog.api.journal;

import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads every store topic to its end. One use, one thread. */
final class StoreTopics {

  private final LogSource log;
  private final TopicNames names;
  private final ObjectCodec codec;
  private final Map<String, StorageResource> resources = new HashMap<>();
  private State state = State.EMPTY;
  private long lastJournalOffset = -1;

  StoreTopics(LogSource log, TopicNames names, ObjectCodec codec) {
    this.log = log;
    this.names = names;
    this.codec = codec;
  }

  /**
   * What the topics hold.
   *
   * @param state their objects, at the newest revision any record names
   * @param ends the end of each partition
   * @param lastJournalOffset the last entry that any record follows from; -1 if there is no record
   */
  record Content(State state, Map<Partition, Long> ends, long lastJournalOffset) {}

  /** Reads the topics of the resources, then of those that what was read declares. */
  Content read(StoredResources stored) {
    Map<Partition, Long> ends = new HashMap<>(readTopics(stored.resources()));
    ends.putAll(readTopics(existing(stored.declared().apply(state))));
    return new Content(state, ends, lastJournalOffset);
  }

  /** A resource that is only just declared, or nearly gone, has no topic. */
  private List<StorageResource> existing(Collection<StorageResource> declared) {
    return declared.stream()
        .filter(resource -> log.topicId(names.store(resource)).isPresent())
        .toList();
  }

  private Map<Partition, Long> readTopics(Collection<StorageResource> toRead) {
    List<Partition> partitions = new ArrayList<>();
    for (StorageResource resource : toRead) {
      resources.put(names.store(resource), resource);
      partitions.add(Partition.only(names.store(resource)));
    }
    return partitions.isEmpty() ? Map.of() : TopicContents.read(log, partitions, this::load);
  }

  private void load(StoredRecord stored) {
    LogRecord record = stored.record();
    StorageResource resource = resources.get(stored.partition().topic());
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      state = state.minus(resource, key, number(record, RecordHeaders.REVISION, 0));
    } else {
      state = state.plus(codec.decode(ObjectKey.parse(resource, key), key, record.value()));
    }
    long journalOffset = number(record, RecordHeaders.JOURNAL_OFFSET, -1);
    lastJournalOffset = Math.max(lastJournalOffset, journalOffset);
  }

  private static long number(LogRecord record, String header, long otherwise) {
    byte[] value = record.headers().get(header);
    return value == null ? otherwise : Long.parseLong(new String(value, StandardCharsets.UTF_8));
  }
}
