package dev.shiplog.api.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.api.audit.AuditPolicy;
import dev.shiplog.api.journal.JournalSettings;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.TestStore;
import dev.shiplog.api.projection.ProjectionSettings;
import dev.shiplog.api.projection.Projector;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a command to its outcome, through journal and projection, on a real broker. */
class CommandsOnKafkaIT {

  private static final int ASSIGNMENT_PARTITIONS = 4;
  private static final TopicCatalogue CATALOGUE =
      new TopicCatalogue(TestStore.NAMES, 1, ASSIGNMENT_PARTITIONS);
  private static final ProjectionSettings PROJECTION =
      ProjectionSettings.STANDARD.with(
          ASSIGNMENT_PARTITIONS, Duration.ofDays(1), AuditPolicy.standard());

  @TempDir private Path directory;
  private final RecordingFaultHandler faults = new RecordingFaultHandler();

  @Test
  void everyCommandHasOneOutcomeAcrossARestart() {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
        TopicLog log = new KafkaTopicLog(KafkaSettings.at(broker.bootstrapServers()))) {
      log.ensureTopics(CATALOGUE.all(TestStore.RESOURCES));
      serve(log, 0, 100);
      serve(log, 100, 200);

      assertThat(read(log, TestStore.NAMES.outcomes()))
          .extracting(record -> Json.read(record.value(), Outcome.class).id())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 200).mapToObj(i -> "c-" + i).toList());
      assertThat(read(log, TestStore.NAMES.store(TestStore.PODS))).hasSize(200);
      assertThat(read(log, TestStore.NAMES.audit())).hasSize(200);
    }
    faults.assertNone();
  }

  /** Runs a server until the commands of this range have their outcomes. */
  private void serve(TopicLog log, int from, int to) {
    send(log, from, to);
    ExecutorService workers = Executors.newFixedThreadPool(4);
    JournalStore store = TestStore.on(log, faults, JournalSettings.alone("api"));
    try (Projector projector = projector(log);
        CommandIntake intake = intake(log, store, workers)) {
      store.addListener(projector);
      store.addListener(intake);
      store.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> read(log, TestStore.NAMES.outcomes()).size() >= to);
    }
    store.close();
    workers.shutdown();
  }

  private Projector projector(TopicLog log) {
    return new Projector(
        log,
        TestStore.NAMES,
        PROJECTION,
        InstantSource.system(),
        faults,
        Thread.ofPlatform().daemon()::unstarted);
  }

  private CommandIntake intake(TopicLog log, JournalStore store, ExecutorService workers) {
    return new CommandIntake(
        log,
        TestStore.NAMES,
        store,
        () -> store.applied().ledger(),
        (command, ref) -> commit(store, command, ref),
        IntakeSettings.STANDARD,
        new CommandIntake.Environment(
            InstantSource.system(), workers, Thread.ofPlatform().daemon()::unstarted, faults));
  }

  private static CompletableFuture<Optional<CommandResult>> commit(
      JournalStore store, Command command, CommandRef ref) {
    ObjectKey key = TestStore.pod(command.target().name());
    ProposedChange create = new ProposedChange.Create(key, TestStore.object(key, "x"));
    return store
        .commit(new CommitRequest(CommandOrigin.of(command, ref, 0), List.of(create), false))
        .thenApply(_ -> Optional.empty());
  }

  private static void send(TopicLog log, int from, int to) {
    try (LogWriter writer = log.openWriter()) {
      IntStream.range(from, to).mapToObj(i -> append(writer, i)).forEach(CompletableFuture::join);
    }
  }

  private static CompletableFuture<Long> append(LogWriter writer, int i) {
    Target target = new Target("", "v1", "pods", "", "default", "p" + i);
    Command command =
        new Command("c-" + i, "app", 1, "actor", Verb.CREATE, target, null, null, null);
    return writer.append(
        Partition.only(TestStore.NAMES.commands()),
        LogRecord.of(command.key().getBytes(UTF_8), Json.bytes(command), 1));
  }

  private static List<LogRecord> read(TopicLog log, String topic) {
    Partition partition = Partition.only(topic);
    long end = log.end(partition, Isolation.READ_COMMITTED);
    List<LogRecord> records = new ArrayList<>();
    try (LogReader reader = log.openReader(Isolation.READ_COMMITTED)) {
      reader.assign(Map.of(partition, 0L));
      while (reader.position(partition) < end) {
        reader.poll(Duration.ofMillis(100)).forEach(stored -> records.add(stored.record()));
      }
    }
    return records;
  }
}
