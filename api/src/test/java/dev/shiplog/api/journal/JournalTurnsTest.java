package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What {@code /livez} of an API server looks at. */
class JournalTurnsTest {

  private final AtomicLong nanos = new AtomicLong();
  private final HangingRule rule = new HangingRule();
  private final InMemoryTopicLog log = new InMemoryTopicLog();

  private JournalStore store() {
    log.ensureTopics(TestStore.topics());
    return new JournalStore(
        JournalSettings.alone("test"),
        new JournalEnvironment(
            log,
            TestStore.NAMES,
            InstantSource.system(),
            nanos::get,
            RandomGenerator.getDefault(),
            new RecordingFaultHandler(),
            Thread.ofPlatform().daemon()::unstarted),
        new StoredResources(TestStore.RESOURCES, TestStore.INDEXER, List.of(rule)));
  }

  private void pass(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void aJournalWhoseThreadHangsIsNotTurningUntilItGoesOn() {
    try (JournalStore store = store()) {
      store.start();
      pass(1);
      TestStore.createObject(store, TestStore.pod("first"), "a").join();
      assertThat(store.isTurning()).isTrue();

      CompletableFuture<CommitResult> second =
          TestStore.createObject(store, TestStore.pod("hangs"), "a");
      rule.awaitHanging();
      pass(61);
      assertThat(store.isTurning()).isFalse();

      rule.goOn.countDown();
      await().until(store::isTurning);
      assertThat(second).isNotNull();
    }
  }

  /** Holds the deciding thread up at one object. */
  private static final class HangingRule implements CommitRule {
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    void awaitHanging() {
      await().until(() -> hanging.getCount() == 0);
    }

    @Override
    public boolean concerns(StorageResource resource) {
      return resource.equals(TestStore.PODS);
    }

    @Override
    public String name() {
      return "hanging";
    }

    @Override
    public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
      if (key.name().equals("hangs")) {
        hanging.countDown();
        try {
          goOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
