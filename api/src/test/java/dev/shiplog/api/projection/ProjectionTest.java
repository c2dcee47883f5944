package dev.shiplog.api.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.audit.AuditPolicy;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.AssignmentKey;
import dev.shiplog.topics.record.Checkpoint;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.record.RecordHeaders;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ProjectionTest {

  private static final TopicNames NAMES = new TopicNames("t");
  private static final StorageResource MAPS = StorageResource.of("configmaps", "");
  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final StorageResource SECRETS = StorageResource.of("secrets", "");
  private static final int ASSIGNMENT_PARTITIONS = 4;
  private static final ProjectionSettings SETTINGS =
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

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final InstantSource clock = () -> now;
  private long sequence;

  @BeforeEach
  void claimedJournal() {
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

  @Test
  void aCommitBecomesARecordOfItsStoreTopicWithItsRevision() {
    commit(created(MAPS, "default/a", 7, "{\"x\":1}"));
    project();
    LogRecord record = only(NAMES.store(MAPS));
    assertThat(text(record.key())).isEqualTo("default/a");
    assertThat(text(record.value())).isEqualTo("{\"x\":1}");
    assertThat(text(record.headers().get(RecordHeaders.REVISION))).isEqualTo("7");
    assertThat(text(record.headers().get(RecordHeaders.CLUSTER))).isEqualTo("cluster-1");
    assertThat(text(record.headers().get(RecordHeaders.JOURNAL_OFFSET))).isEqualTo("1");
  }

  @Test
  void aDeletionBecomesATombstoneWithTheDeletionsRevision() {
    commit(deleted(MAPS, "default/a", 8, "{}"));
    project();
    LogRecord record = only(NAMES.store(MAPS));
    assertThat(record.value()).isNull();
    assertThat(text(record.headers().get(RecordHeaders.REVISION))).isEqualTo("8");
  }

  @Test
  void anEntryThatDoesNotCountIsNotProjected() {
    append(new Entry.Commit(1, 5, 0, origin(), List.of(created(MAPS, "default/a", 7, "{}"))));
    append(new Entry.Commit(9, 1, 0, origin(), List.of(created(MAPS, "default/b", 7, "{}"))));
    project();
    assertThat(records(Partition.only(NAMES.store(MAPS)))).isEmpty();
  }

  @Test
  void entriesGatherAfterATransactionAndNeverBeforeTheFirst() {
    Duration rest = Duration.ofMillis(3);
    ProjectionSettings resting =
        new ProjectionSettings(
            ASSIGNMENT_PARTITIONS,
            2,
            Duration.ofSeconds(30),
            rest,
            rest,
            Duration.ofMillis(1),
            1000,
            Duration.ofDays(1),
            Duration.ofMinutes(1),
            AuditPolicy.standard());
    commit(created(MAPS, "default/a", 7, "{}"));
    try (ProjectionRun run = new ProjectionRun(log, NAMES, resting, clock)) {
      assertThat(run.rest()).isEqualTo(Duration.ZERO);
      run.step();
      assertThat(run.rest()).isEqualTo(rest);
      run.step();
      assertThat(run.rest()).isEqualTo(Duration.ZERO);
    }
  }

  @Test
  void theCheckpointSaysWhereTheProjectedPartitionsEnd() {
    commit(created(MAPS, "default/a", 7, "{}"));
    project();
    Checkpoint checkpoint = CheckpointLog.newest(log, NAMES).orElseThrow();
    assertThat(checkpoint.offset()).isEqualTo(2);
    assertThat(checkpoint.revision()).isEqualTo(7);
    assertThat(checkpoint.epoch()).isEqualTo(1);
    assertThat(checkpoint.sequence()).isEqualTo(1);
    assertThat(checkpoint.clusterId()).isEqualTo("cluster-1");
    assertThat(checkpoint.journalTopicId()).isEqualTo(log.topicId(NAMES.journal()).orElseThrow());
    assertThat(checkpoint.ends()).containsEntry(NAMES.store(MAPS) + "-0", 1L);
  }

  @Test
  void anotherRunGoesOnAtTheCheckpointAndRepeatsNothing() {
    commit(created(MAPS, "default/a", 7, "{}"));
    project();
    commit(created(MAPS, "default/b", 8, "{}"));
    project();
    assertThat(records(Partition.only(NAMES.store(MAPS))))
        .extracting(record -> text(record.key()))
        .containsExactly("default/a", "default/b");
  }

  @Test
  void aRunThatIsOpenWhenAnotherOpensIsFencedAndProjectsNothingMore() {
    try (ProjectionRun old = run()) {
      try (ProjectionRun _ = run()) {
        commit(created(MAPS, "default/a", 7, "{}"));
        assertThatThrownBy(old::step).isInstanceOf(FencedException.class);
      }
    }
    assertThat(records(Partition.only(NAMES.store(MAPS)))).isEmpty();
    project();
    assertThat(records(Partition.only(NAMES.store(MAPS)))).hasSize(1);
  }

  @Test
  void aBoundPodIsAssignedToItsNodesPartition() {
    String pod = "{\"metadata\":{\"spec\":{\"nodeName\":\"x\"}},\"spec\":{\"nodeName\":\"n1\"}}";
    commit(created(PODS, "default/p", 7, pod));
    project();
    LogRecord record = onlyAssignment("n1");
    assertThat(text(record.key())).isEqualTo("n1/default/p");
    assertThat(text(record.value())).isEqualTo(pod);
  }

  @Test
  void anUnboundPodIsAssignedToNobody() {
    commit(created(PODS, "default/p", 7, "{\"spec\":{}}"));
    project();
    for (int i = 0; i < ASSIGNMENT_PARTITIONS; i++) {
      assertThat(records(new Partition(NAMES.assignments(), i))).isEmpty();
    }
  }

  @Test
  void aDeletedPodsAssignmentEndsWithATombstone() {
    commit(deleted(PODS, "default/p", 7, "{\"spec\":{\"nodeName\":\"n1\"}}"));
    project();
    LogRecord record = onlyAssignment("n1");
    assertThat(text(record.key())).isEqualTo("n1/default/p");
    assertThat(record.value()).isNull();
  }

  @Test
  void theAuditEventSaysWhoDidWhatWithTheStatesBeforeAndAfter() {
    commit(updated(MAPS, "default/a", 7, "{\"x\":1}", "{\"x\":2}"));
    project();
    JsonNode event = json(only(NAMES.audit()).value());
    assertThat(event.at("/apiVersion").asText()).isEqualTo("audit.k8s.io/v1");
    assertThat(event.at("/user/username").asText()).isEqualTo("alice");
    assertThat(event.at("/verb").asText()).isEqualTo("update");
    assertThat(event.at("/objectRef/namespace").asText()).isEqualTo("default");
    assertThat(event.at("/objectRef/name").asText()).isEqualTo("a");
    assertThat(event.at("/previousObject/x").asInt()).isEqualTo(1);
    assertThat(event.at("/responseObject/x").asInt()).isEqualTo(2);
    assertThat(event.at("/requestReceivedTimestamp").asText())
        .isEqualTo("1970-01-01T00:00:00.042000Z");
  }

  @Test
  void anAuditRecordIsACloudEvent() {
    commit(created(MAPS, "default/a", 7, "{}"));
    project();
    Map<String, byte[]> headers = only(NAMES.audit()).headers();
    assertThat(text(headers.get("ce_specversion"))).isEqualTo("1.0");
    assertThat(text(headers.get("ce_id"))).isEqualTo("audit-1/7");
    assertThat(text(headers.get("ce_type"))).isEqualTo("dev.shiplog.change.create");
    assertThat(text(headers.get("ce_subject"))).isEqualTo("configmaps/default/a");
  }

  @Test
  void contentsOfSecretsAreLeftOutOfAuditButNotOfTheStore() {
    String secret =
        "{\"metadata\":{\"name\":\"s\",\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"hush\"}},\"data\":{\"k\":\"hush\"},\"stringData\":{\"k\":\"hush\"}}";
    commit(updated(SECRETS, "default/s", 7, secret, secret));
    project();
    assertThat(text(only(NAMES.audit()).value())).contains("\"name\":\"s\"").doesNotContain("hush");
    assertThat(text(only(NAMES.store(SECRETS)).value())).isEqualTo(secret);
  }

  @Test
  void aCommandsCommitHasAnOutcomeThatNamesTheResourcesRevision() {
    append(
        new Entry.Commit(
            1, ++sequence, 0, commanded(), List.of(created(MAPS, "default/a", 7, "{}"))));
    project();
    Outcome outcome = Json.read(only(NAMES.outcomes()).value(), Outcome.class);
    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                "c-1", "app", 3, 11, 1, 7, new CommandResult(201, "", "", "configmaps", 7)));
    assertThat(text(only(NAMES.outcomes()).key())).isEqualTo("the-key");
  }

  @Test
  void aRefusedCommandHasItsRefusalAsOutcome() {
    CommandResult refusal = new CommandResult(409, "Conflict", "no", "configmaps", 5);
    append(new Entry.Skip(1, ++sequence, 0, commanded(), refusal));
    project();
    assertThat(Json.read(only(NAMES.outcomes()).value(), Outcome.class).result())
        .isEqualTo(refusal);
    assertThat(CheckpointLog.newest(log, NAMES).orElseThrow().generations())
        .containsEntry("app", 3L);
  }

  @Test
  void aJournalThatWasMadeAnewIsNotMixedWithTheOldOne() {
    commit(created(MAPS, "default/a", 7, "{}"));
    project();
    log.deleteTopic(NAMES.journal());
    log.ensureTopics(List.of(new TopicSpec(NAMES.journal(), 1, Map.of())));
    assertThatThrownBy(this::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("it was deleted and made anew");
  }

  @Test
  void whatAStoreTopicLostWithThePowerIsWrittenAgainAndNothingElse() {
    commit(created(MAPS, "default/a", 7, "{}"));
    project();
    log.flushToDisk();
    commit(created(MAPS, "default/b", 8, "{}"));
    commit(created(PODS, "default/p", 9, "{}"));
    project();
    log.flushToDisk(NAMES.journal());
    log.flushToDisk(NAMES.checkpoint());
    log.flushToDisk(NAMES.store(PODS));
    log.powerFail();
    assertThat(keys(NAMES.store(MAPS))).containsExactly("default/a");

    project();

    assertThat(keys(NAMES.store(MAPS))).containsExactly("default/a", "default/b");
    assertThat(keys(NAMES.store(PODS))).containsExactly("default/p");
    assertThat(records(Partition.only(NAMES.audit()))).hasSize(3);
    Checkpoint checkpoint = CheckpointLog.newest(log, NAMES).orElseThrow();
    assertThat(checkpoint.offset()).isEqualTo(4);
    assertThat(checkpoint.revision()).isEqualTo(9);
    project();
    assertThat(keys(NAMES.store(MAPS))).containsExactly("default/a", "default/b");
  }

  @Test
  void aRepairThatWasCutShortIsDoneAgain() {
    for (int i = 0; i < 5; i++) {
      commit(created(MAPS, "default/" + i, 7 + i, "{}"));
    }
    project();
    failPowerButForTheCheckpoint();
    try (ProjectionRun run = run()) {
      // The mark is written; of the batches of two entries the second fails.
      log.faults().failCommitAfter(1);
      assertThatThrownBy(run::step).isInstanceOf(LogUnavailableException.class);
    }

    project();

    assertThat(keys(NAMES.store(MAPS)))
        .containsExactly("default/0", "default/1", "default/2", "default/3", "default/4");
  }

  /** Its successor may be writing again what stands there. */
  @Test
  void aRunThatWasFencedCutsNothingOffTheJournal() {
    ProjectionSettings settings = withManyAnchors(Duration.ofDays(99));
    commit(created(MAPS, "default/a", 7, "{}"));
    try (ProjectionRun fenced = new ProjectionRun(log, NAMES, settings, clock)) {
      fenced.step();
      now = now.plus(settings.history()).plus(settings.truncateEvery());
      append(new Entry.Heartbeat(1, ++sequence, 0));
      new ProjectionRun(log, NAMES, settings, clock).close();

      assertThatThrownBy(fenced::step).isInstanceOf(FencedException.class);
    }

    assertThat(log.range(Partition.only(NAMES.journal()), Isolation.READ_UNCOMMITTED).start())
        .isZero();
  }

  @Test
  void theFirstChangeThatIsLostIsWrittenAgainFromAJournalThatStartsBeforeIt() {
    append(new Entry.Heartbeat(1, ++sequence, 0));
    try (ProjectionRun run = new ProjectionRun(log, NAMES, withManyAnchors(Duration.ZERO), clock)) {
      run.step();
    }
    log.truncateBefore(Partition.only(NAMES.journal()), DrivenProjection.lastAnchor(log, NAMES));
    commit(created(MAPS, "default/a", 7, "{}"));
    project();
    failPowerButForTheCheckpoint();
    assertThat(keys(NAMES.store(MAPS))).isEmpty();

    project();

    assertThat(keys(NAMES.store(MAPS))).containsExactly("default/a");
  }

  @Test
  void aRepairIsCounted() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ProjectionMetrics metrics = new ProjectionMetrics();
    metrics.show(meters, () -> 0);
    commit(created(MAPS, "default/a", 7, "{}"));
    project();
    failPowerButForTheCheckpoint();

    new ProjectionRun(log, NAMES, SETTINGS, clock, metrics).close();

    assertThat(meters.get("shiplog.projection.repairs").functionCounter().count()).isEqualTo(1);
  }

  /** Anchors of before the repair say nothing of where the topic ends now. */
  @Test
  void whatIsLostAgainIsWrittenAgainFromAJournalThatStartsAtTheRepair() {
    commit(created(MAPS, "default/a", 7, "{}"));
    commit(created(PODS, "default/p", 8, "{}"));
    project();
    failPowerButForTheCheckpoint();
    project();
    log.flushToDisk();
    long repairedAt = DrivenProjection.lastAnchor(log, NAMES);
    assertThat(repairedAt).isEqualTo(3);
    log.truncateBefore(Partition.only(NAMES.journal()), repairedAt);
    commit(created(MAPS, "default/b", 9, "{}"));
    project();
    failPowerButForTheCheckpoint();
    assertThat(keys(NAMES.store(MAPS))).containsExactly("default/a");

    project();

    assertThat(keys(NAMES.store(MAPS))).containsExactly("default/a", "default/b");
  }

  @Test
  void aCommitOfWhichNothingIsKnownIsNeitherLostNorRepeated() {
    commit(created(MAPS, "default/a", 7, "{}"));
    try (ProjectionRun run = run()) {
      log.faults().loseNextCommitAnswer();
      assertThatThrownBy(run::step).isInstanceOf(LogUnavailableException.class);
    }
    commit(created(MAPS, "default/b", 8, "{}"));
    try (ProjectionRun run = run()) {
      log.faults().failNextCommit();
      assertThatThrownBy(run::step).isInstanceOf(LogUnavailableException.class);
    }

    project();

    assertThat(keys(NAMES.store(MAPS))).containsExactly("default/a", "default/b");
  }

  private static ProjectionSettings withManyAnchors(Duration idleCheckpointEvery) {
    return new ProjectionSettings(
        ASSIGNMENT_PARTITIONS,
        2,
        idleCheckpointEvery,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ofMillis(1),
        1,
        Duration.ofDays(1),
        Duration.ofMinutes(1),
        AuditPolicy.standard());
  }

  /** Of what was projected the disk has as much as it had before. */
  private void failPowerButForTheCheckpoint() {
    log.flushToDisk(NAMES.journal());
    log.flushToDisk(NAMES.checkpoint());
    log.powerFail();
  }

  private ProjectionRun run() {
    return new ProjectionRun(log, NAMES, SETTINGS, clock);
  }

  private void project() {
    try (ProjectionRun run = run()) {
      run.step();
    }
  }

  private void commit(Change change) {
    append(new Entry.Commit(1, ++sequence, 0, origin(), List.of(change)));
  }

  private void append(Entry entry) {
    try (var writer = log.openWriter()) {
      writer
          .append(Partition.only(NAMES.journal()), LogRecord.of(null, EntryCodec.encode(entry), 0))
          .join();
    }
  }

  private static Origin origin() {
    return new Origin(
        "audit-1", "update", "/api", UserInfo.of("alice"), List.of(), "", 42, Optional.empty());
  }

  private static Origin commanded() {
    CommandRef command = new CommandRef("topic", 0, 11, "c-1", "app", 3, "the-key");
    return new Origin(
        "audit-2", "create", "/api", UserInfo.of("app"), List.of(), "", 42, Optional.of(command));
  }

  private static Change created(StorageResource resource, String key, long revision, String after) {
    return new Change(resource, key, revision, null, value(after));
  }

  private static Change updated(
      StorageResource resource, String key, long revision, String before, String after) {
    return new Change(resource, key, revision, value(before), value(after));
  }

  private static Change deleted(
      StorageResource resource, String key, long revision, String before) {
    return new Change(resource, key, revision, value(before), null);
  }

  private static SealedValue value(String json) {
    return SealedValue.plain(json.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> keys(String topic) {
    return records(Partition.only(topic)).stream().map(record -> text(record.key())).toList();
  }

  private LogRecord onlyAssignment(String node) {
    List<LogRecord> records =
        records(AssignmentKey.partitionOf(NAMES.assignments(), node, ASSIGNMENT_PARTITIONS));
    assertThat(records).hasSize(1);
    return records.getFirst();
  }

  private LogRecord only(String topic) {
    List<LogRecord> records = records(Partition.only(topic));
    assertThat(records).hasSize(1);
    return records.getFirst();
  }

  private List<LogRecord> records(Partition partition) {
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

  private static JsonNode json(byte[] bytes) {
    return Json.read(bytes, JsonNode.class);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
