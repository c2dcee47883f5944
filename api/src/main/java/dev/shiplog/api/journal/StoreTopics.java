package dev.shiplog.api.journal;

import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.RecordHeaders;
import dev.shiplog.topics.seal.SealedException;
import dev.shiplog.topics.seal.Sealing;
import java.io.UncheckedIOException;
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
  private Sealing sealing = Sealing.NONE;
  private StaleSeals stale;
  private State state = State.EMPTY;

  /** What an older record held does not matter, so neither does its key. */
  private final Map<String, SealedException> unreadable = new HashMap<>();

  private final Map<Partition, Long> lastEntries = new HashMap<>();

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
   * @param stale which of the objects are sealed otherwise than they would be now
   * @param lastEntries the journal offset of the last entry that any record of a partition follows
   *     from; absent if there is no record
   */
  record Content(
      State state, Map<Partition, Long> ends, StaleSeals stale, Map<Partition, Long> lastEntries) {
    /** The last entry that any record follows from; -1 if there is no record. */
    long lastJournalOffset() {
      return lastEntries.values().stream().mapToLong(Long::longValue).max().orElse(-1);
    }
  }

  /** Reads the topics of the resources, then of those that what was read declares. */
  Content read(StoredResources stored) {
    sealing = stored.sealing();
    stale = new StaleSeals(sealing);
    Map<Partition, Long> ends = new HashMap<>(readTopics(stored.resources()));
    ends.putAll(readTopics(existing(stored.declared().apply(state))));
    for (SealedException without : unreadable.values()) {
      throw new CannotStartException(without.getMessage(), without);
    }
    return new Content(state, ends, stale, lastEntries);
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

  /** Nobody but the projection writes here: what it did not write must not become an object. */
  private void load(StoredRecord stored) {
    if (stored.record().key() == null) {
      throw foreign(stored, null);
    }
    try {
      take(stored);
    } catch (UncheckedIOException | ClassCastException | NumberFormatException e) {
      throw foreign(stored, e);
    }
  }

  private static CannotStartException foreign(StoredRecord stored, Throwable cause) {
    return new CannotStartException(
        "The record at offset %d of topic %s is no object of Shiplog's: somebody else wrote it. Take write access to Shiplog's topics away from others, then delete the topic: the start makes it again from the journal; if it then says that the journal does not go back so far, `shiplog recover` goes on from what is left."
            .formatted(stored.offset(), stored.partition().topic()),
        cause);
  }

  private void take(StoredRecord stored) {
    LogRecord record = stored.record();
    StorageResource resource = resources.get(stored.partition().topic());
    String key = new String(record.key(), StandardCharsets.UTF_8);
    unreadable.remove(resource + "/" + key);
    SealedValue value = value(record);
    stale.stored(resource, key, value);
    if (value == null) {
      state = state.minus(resource, key, number(record, RecordHeaders.REVISION, 0));
    } else {
      put(resource, key, value);
    }
    long journalOffset = number(record, RecordHeaders.JOURNAL_OFFSET, -1);
    lastEntries.merge(stored.partition(), journalOffset, Math::max);
  }

  private void put(StorageResource resource, String key, SealedValue value) {
    try {
      byte[] json = sealing.open(resource, key, value);
      state = state.plus(codec.decode(ObjectKey.parse(resource, key), key, json));
    } catch (SealedException e) {
      unreadable.put(resource + "/" + key, e);
    }
  }

  private static SealedValue value(LogRecord record) {
    return record.value() == null
        ? null
        : new SealedValue((byte) number(record, RecordHeaders.SEAL, 0), record.value());
  }

  private static long number(LogRecord record, String header, long otherwise) {
    byte[] value = record.headers().get(header);
    return value == null ? otherwise : Long.parseLong(new String(value, StandardCharsets.UTF_8));
  }
}
