package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.NODES;
import static dev.shiplog.api.journal.TestStore.PODS;
import static dev.shiplog.api.journal.TestStore.content;
import static dev.shiplog.api.journal.TestStore.createObject;
import static dev.shiplog.api.journal.TestStore.deleteObject;
import static dev.shiplog.api.journal.TestStore.object;
import static dev.shiplog.api.journal.TestStore.pod;
import static dev.shiplog.api.journal.TestStore.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.backup.BackupFile;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.seal.Keyring;
import dev.shiplog.topics.seal.Sealing;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster's topics in a file, and a file in empty topics. */
class BackupTest extends OnTestStore {

  private static final ObjectKey NODE = new ObjectKey(NODES, "", "n");
  private static final int READS = 30;
  private static final int WRITES_PER_READ = 20;

  @TempDir private Path directory;
  private final InMemoryTopicLog empty = new InMemoryTopicLog();

  @Test
  void aClusterUnderWritesIsReadAsItWasAtOneRevision() throws Exception {
    createObject(store, pod("left"), "0").join();
    createObject(store, pod("right"), "0").join();
    Semaphore writes = new Semaphore(0);
    CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeBoth(writes));
    try {
      for (int i = 0; i < READS; i++) {
        writes.release(WRITES_PER_READ);
        project();
        ClusterImage image = ClusterImage.read(log, TestStore.NAMES, stored(Sealing.NONE));

        StoredObject left = image.state().get(pod("left")).orElseThrow();
        StoredObject right = image.state().get(pod("right")).orElseThrow();
        assertThat(content(left)).isEqualTo(content(right));
        assertThat(image.revision()).isEqualTo(Math.max(left.revision(), right.revision()));
      }
    } finally {
      writes.release(READS * WRITES_PER_READ);
      writer.join();
    }
  }

  @Test
  void restoredTopicsServeTheSameObjectsWithTheSameRevisions() throws IOException {
    createObject(store, NODE, "a").join();
    createObject(store, pod("projected"), "b").join();
    deleteObject(store, createObject(store, pod("gone"), "").join().objects().getFirst()).join();
    project();
    createObject(store, pod("in the journal alone"), "ü\t\n").join();
    List<StoredObject> before = objects();

    long floor = restore(backup(Sealing.NONE), Sealing.NONE);
    restart(empty);

    assertThat(objects()).hasSameSizeAs(before);
    for (StoredObject object : before) {
      StoredObject restored = store.current().get(object.key()).orElseThrow();
      assertThat(restored.revision()).isEqualTo(object.revision());
      assertThat(Arrays.equals(restored.bytes(), object.bytes())).isTrue();
    }
    assertThat(createObject(store, pod("new"), "").join().revision()).isEqualTo(floor + 1);
  }

  @Test
  void whatIsSealedInTopicsIsSealedInTheFile() throws IOException {
    createObject(store, NODE, "canary").join();
    Path keys = directory.resolve("keys");
    Files.writeString(keys, Keyring.newLine("key", new SecureRandom()) + "\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    Sealing sealing = Sealing.with(Keyring.read(keys), Set.of("nodes"));

    BackupFile file = backup(sealing);

    assertThat(text(file)).contains("\"sealed\"").doesNotContain("canary");
    assertThat(content(file.read(sealing).state().get(NODE).orElseThrow())).isEqualTo("canary");
  }

  @Test
  void aFileWhoseEndIsMissingIsRefused() throws IOException {
    createObject(store, pod("a"), "").join();
    BackupFile file = backup(Sealing.NONE);
    byte[] whole = Files.readAllBytes(file.path());

    Files.write(file.path(), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> file.read(Sealing.NONE)).hasMessageContaining("is not whole");

    String lines = unpacked(whole);
    pack(file, lines.substring(0, lines.indexOf("\nend") + 1));
    assertThatThrownBy(() -> file.read(Sealing.NONE)).hasMessageContaining("is not whole");
  }

  @Test
  void whatIsNoBackupIsRefused() throws IOException {
    BackupFile file = new BackupFile(directory.resolve("text"));
    Files.writeString(file.path(), "hello");
    assertThatThrownBy(() -> file.read(Sealing.NONE)).hasMessageContaining("is no backup");

    pack(file, "{\"format\":\"something\",\"version\":1}\n");
    assertThatThrownBy(() -> file.read(Sealing.NONE)).hasMessageContaining("is no backup");
  }

  @Test
  void aBackupIsNotRestoredOverACluster() throws IOException {
    createObject(store, pod("a"), "").join();
    ClusterImage image = backup(Sealing.NONE).read(Sealing.NONE);

    assertThatThrownBy(
            () -> image.writeTo(log, catalogue(), stored(Sealing.NONE), InstantSource.system()))
        .hasMessageContaining("there is a cluster");
  }

  /**
   * Both change in one entry, so nobody may see one of them alone. Each read lets it write on for a
   * while, so that what there is to read stays bounded.
   */
  private void writeBoth(Semaphore writes) {
    for (int i = 1; i <= READS * WRITES_PER_READ; i++) {
      writes.acquireUninterruptibly();
      long left = store.current().get(pod("left")).orElseThrow().revision();
      long right = store.current().get(pod("right")).orElseThrow().revision();
      store
          .commit(
              request(
                  new ProposedChange.Update(pod("left"), left, object(pod("left"), "" + i)),
                  new ProposedChange.Update(pod("right"), right, object(pod("right"), "" + i))))
          .join();
    }
  }

  private BackupFile backup(Sealing sealing) throws IOException {
    BackupFile file = new BackupFile(directory.resolve("backup"));
    file.write(ClusterImage.read(log, TestStore.NAMES, stored(sealing)), sealing, Instant.EPOCH);
    return file;
  }

  private long restore(BackupFile file, Sealing sealing) throws IOException {
    return file.read(sealing).writeTo(empty, catalogue(), stored(sealing), InstantSource.system());
  }

  private void restart(InMemoryTopicLog on) {
    store.close();
    store = TestStore.started(on, faults);
  }

  private List<StoredObject> objects() {
    return List.of(PODS, NODES).stream()
        .flatMap(resource -> {
          List<StoredObject> all = new ArrayList<>();
          store.current().list(resource, "", "").forEachRemaining(all::add);
          return all.stream();
        })
        .toList();
  }

  private static String text(BackupFile file) throws IOException {
    return unpacked(Files.readAllBytes(file.path()));
  }

  private static String unpacked(byte[] packed) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void pack(BackupFile file, String lines) throws IOException {
    try (var out = new GZIPOutputStream(Files.newOutputStream(file.path()))) {
      out.write(lines.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static StoredResources stored(Sealing sealing) {
    return new StoredResources(
        TestStore.RESOURCES, _ -> List.of(), TestStore.INDEXER, List.of(), sealing);
  }

  private static TopicCatalogue catalogue() {
    return new TopicCatalogue(TestStore.NAMES, 1, TestStore.ASSIGNMENT_PARTITIONS);
  }

  private void project() {
    TestStore.project(log);
  }
}
