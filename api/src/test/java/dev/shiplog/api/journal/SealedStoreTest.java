package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.NODES;
import static dev.shiplog.api.journal.TestStore.content;
import static dev.shiplog.api.journal.TestStore.createObject;
import static dev.shiplog.api.journal.TestStore.updateObject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.view.ViewLimits;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.seal.Keyring;
import dev.shiplog.topics.seal.Sealing;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose nodes are sealed: what the topics hold, and who can read it. */
class SealedStoreTest {

  private static final ObjectKey NODE = new ObjectKey(NODES, "", "n");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String OLD = Keyring.newLine("old", RANDOM);
  private static final String NEW = Keyring.newLine("new", RANDOM);

  @TempDir private Path directory;

  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private JournalStore store;

  @BeforeEach
  void start() throws IOException {
    start(OLD);
  }

  @AfterEach
  void stop() {
    store.close();
    faults.assertNone();
  }

  @Test
  void noTopicHoldsWhatIsSealedAndTheStoreServesIt() {
    StoredObject node = createObject(store, NODE, "canary").join().objects().getFirst();
    updateObject(store, node, "canary again").join();
    project();

    assertThat(everything()).contains("\"sealed\"").doesNotContain("canary");
    assertThat(content(store.current().get(NODE).orElseThrow())).isEqualTo("canary again");
  }

  @Test
  void aRecordOfASealedObjectShowsItsMetadata() {
    createObject(store, NODE, "canary").join();
    project();

    JsonNode shown = stored();
    assertThat(shown.at("/metadata/name").asText()).isEqualTo("n");
    assertThat(shown.at("/metadata/resourceVersion").asText()).isEqualTo("1");
    assertThat(shown.has("spec")).isFalse();
  }

  @Test
  void aRestartReadsItFromTheStoreTopicAndFromTheJournal() throws IOException {
    StoredObject node = createObject(store, NODE, "one").join().objects().getFirst();
    project();
    restart(OLD);
    assertThat(content(store.current().get(NODE).orElseThrow())).isEqualTo("one");

    updateObject(store, node, "two").join();
    restart(OLD);
    assertThat(content(store.current().get(NODE).orElseThrow())).isEqualTo("two");
  }

  @Test
  void thePastIsReadToo() {
    StoredObject node = createObject(store, NODE, "one").join().objects().getFirst();
    for (int i = 0; i < 200; i++) {
      node = updateObject(store, node, "later " + i).join().objects().getFirst();
    }

    assertThat(content(store.past(NODES, 1).join().get(NODE).orElseThrow())).isEqualTo("one");
  }

  @Test
  void afterARotationWritingTheSameSealsItAnewAndOnce() throws IOException {
    createObject(store, NODE, "canary").join();
    project();
    restart(NEW, OLD);
    StoredObject before = store.current().get(NODE).orElseThrow();

    long written = same(before);
    assertThat(written).isGreaterThan(before.revision());
    assertThat(same(store.current().get(NODE).orElseThrow())).isZero();
    project();

    assertThat(stored().at("/sealed/key").asText()).isEqualTo("new");
  }

  @Test
  void whatWasWrittenBeforeEncryptionIsReadAndCanBeSealed() throws IOException {
    restart();
    createObject(store, NODE, "plain").join();
    project();
    restart(OLD);

    assertThat(same(store.current().get(NODE).orElseThrow())).isPositive();
    project();
    assertThat(stored().has("sealed")).isTrue();
  }

  @Test
  void anOlderRecordWithALostKeyDoesNotMatter() throws IOException {
    createObject(store, NODE, "one").join();
    project();
    restart(NEW, OLD);
    same(store.current().get(NODE).orElseThrow());
    project();

    restart(NEW);
    assertThat(content(store.current().get(NODE).orElseThrow())).isEqualTo("one");
  }

  @Test
  void aServerWithoutTheKeyDoesNotStartAndNamesIt() {
    createObject(store, NODE, "one").join();
    project();
    store.close();

    assertThatThrownBy(() -> start(NEW))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("nodes n")
        .hasMessageContaining("\"old\"");
  }

  /** Writes an object as it is; returns the revision, 0 if there was nothing to write. */
  private long same(StoredObject object) {
    return store
        .commit(
            TestStore.request(
                new ProposedChange.Update(object.key(), object.revision(), object.tree())))
        .join()
        .revision();
  }

  private void start(String... keys) throws IOException {
    Sealing sealing = Sealing.NONE;
    if (keys.length > 0) {
      Path file = directory.resolve("keys");
      Files.write(file, List.of(keys));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      sealing = Sealing.with(Keyring.read(file), Set.of("nodes"));
    }
    log.ensureTopics(TestStore.topics());
    store =
        new JournalStore(
            JournalSettings.alone("test").remembering(new ViewLimits(64, 1 << 20)),
            new JournalEnvironment(
                log,
                TestStore.NAMES,
                InstantSource.system(),
                System::nanoTime,
                RandomGenerator.getDefault(),
                faults,
                Thread.ofPlatform().daemon()::unstarted),
            new StoredResources(
                TestStore.RESOURCES, state -> List.of(), TestStore.INDEXER, List.of(), sealing));
    store.start();
  }

  private void restart(String... keys) throws IOException {
    store.close();
    start(keys);
  }

  private void project() {
    TestStore.project(log);
  }

  private JsonNode stored() {
    return Json.read(
        records(Partition.only(TestStore.NAMES.store(NODES))).getLast().record().value(),
        JsonNode.class);
  }

  private String everything() {
    StringBuilder all = new StringBuilder();
    for (TopicSpec topic : TestStore.topics()) {
      for (int i = 0; i < topic.partitions(); i++) {
        for (StoredRecord stored : records(new Partition(topic.name(), i))) {
          if (stored.record().value() != null) {
            all.append(new String(stored.record().value(), StandardCharsets.ISO_8859_1));
          }
        }
      }
    }
    return all.toString();
  }

  private List<StoredRecord> records(Partition partition) {
    OffsetRange range = log.range(partition, Isolation.READ_COMMITTED);
    List<StoredRecord> records = new ArrayList<>();
    try (LogReader reader = log.openReader(Isolation.READ_COMMITTED)) {
      reader.assign(Map.of(partition, range.start()));
      while (reader.position(partition) < range.end()) {
        records.addAll(reader.poll(Duration.ofSeconds(1)));
      }
    }
    return records;
  }
}
