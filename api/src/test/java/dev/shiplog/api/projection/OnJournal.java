package dev.shiplog.api.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.audit.AuditPolicy;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** A test with a journal that is led, what is committed to it, and what is projected of it. */
abstract class OnJournal {

  static final TopicNames NAMES = new TopicNames("t");
  static final StorageResource MAPS = StorageResource.of("configmaps", "");
  static final StorageResource PODS = StorageResource.of("pods", "");
  static final StorageResource SECRETS = StorageResource.of("secrets", "");
  static final int ASSIGNMENT_PARTITIONS = 4;
  static final ProjectionSettings SETTINGS =
      new ProjectionSettings(
          ASSIGNMENT_PARTITIONS,
          2,
          Duration.ofSeconds(30),
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMillis(1),
          1000,
          Duration.ofDays(1),
          Duration.ofMinutes(1),
          AuditPolicy.standard());

  final InMemoryTopicLog log = new InMemoryTopicLog();
  Instant now = Instant.parse("2026-01-02T03:04:05Z");
  final InstantSource clock = () -> now;
  long sequence;

  @BeforeEach
  final void claimedJournal() {
    log.ensureTopics(
        List.of(
            new TopicSpec(NAMES.journal(), 1, Map.of()),
            new TopicSpec(NAMES.checkpoint(), 1, Map.of()),
            new TopicSpec(NAMES.audit(), 1, Map.of()),
            new TopicSpec(NAMES.outcomes(), 1, Map.of()),
            new TopicSpec(NAMES.assignments(), ASSIGNMENT_PARTITIONS, Map.of()),
            new TopicSpec(NAMES.store(MAPS), 1, Map.of()),
            new TopicSpec(NAMES.store(PODS), 1, Map.of()),
            new TopicSpec(NAMES.store(SECRETS), 1, Map.of())));
    append(new Entry.Claim(1, "api-1", "", 0, "cluster-1", 0));
  }

  final ProjectionRun run() {
    return new ProjectionRun(log, NAMES, SETTINGS, clock);
  }

  final void project() {
    try (ProjectionRun run = run()) {
      run.step();
    }
  }

  final void commit(Change change) {
    append(new Entry.Commit(1, ++sequence, 0, origin(), List.of(change)));
  }

  final void append(Entry entry) {
    try (var writer = log.openWriter()) {
      writer
          .append(Partition.only(NAMES.journal()), LogRecord.of(null, EntryCodec.encode(entry), 0))
          .join();
    }
  }

  static Origin origin() {
    return new Origin(
        "audit-1", "update", "/api", UserInfo.of("alice"), List.of(), "", 42, Optional.empty());
  }

  static Change created(StorageResource resource, String key, long revision, String after) {
    return new Change(resource, key, revision, null, value(after));
  }

  static SealedValue value(String json) {
    return SealedValue.plain(json.getBytes(StandardCharsets.UTF_8));
  }

  final LogRecord only(String topic) {
    List<LogRecord> records = records(Partition.only(topic));
    assertThat(records).hasSize(1);
    return records.getFirst();
  }

  final List<LogRecord> records(Partition partition) {
    List<LogRecord> records = new ArrayList<>();
    long end = log.range(partition, Isolation.READ_COMMITTED).end();
    try (LogReader reader = log.openReader(Isolation.READ_COMMITTED)) {
      reader.assign(Map.of(partition, 0L));
      while (reader.position(partition) < end) {
        reader.poll(Duration.ZERO).stream().map(StoredRecord::record).forEach(records::add);
      }
    }
    return records;
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
