package dev.shiplog.api.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.audit.AuditPolicy;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.record.AssignmentKey;
import dev.shiplog.topics.record.Checkpoint;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.record.RecordHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of the entries of the journal in other topics. */
final class ProjectionTest extends OnJournal {

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

  private static Origin commanded() {
    CommandRef command = new CommandRef("topic", 0, 11, "c-1", "app", 3, "the-key");
    return new Origin(
        "audit-2", "create", "/api", UserInfo.of("app"), List.of(), "", 42, Optional.of(command));
  }

  private static Change updated(
      StorageResource resource, String key, long revision, String before, String after) {
    return new Change(resource, key, revision, value(before), value(after));
  }

  private static Change deleted(
      StorageResource resource, String key, long revision, String before) {
    return new Change(resource, key, revision, value(before), null);
  }

  private LogRecord onlyAssignment(String node) {
    List<LogRecord> records =
        records(AssignmentKey.partitionOf(NAMES.assignments(), node, ASSIGNMENT_PARTITIONS));
    assertThat(records).hasSize(1);
    return records.getFirst();
  }

  private static JsonNode json(byte[] bytes) {
    return Json.read(bytes, JsonNode.class);
  }
}
