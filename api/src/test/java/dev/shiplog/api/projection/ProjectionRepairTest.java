package dev.shiplog.api.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.audit.AuditPolicy;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.log.FencedException;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.record.Checkpoint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a projection does after something was lost, failed, or was taken from it. */
final class ProjectionRepairTest extends OnJournal {

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

  private List<String> keys(String topic) {
    return records(Partition.only(topic)).stream().map(record -> text(record.key())).toList();
  }
}
