package dev.shiplog.api.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.journal.JournalEnvironment;
import dev.shiplog.api.journal.JournalSettings;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.StoredResources;
import dev.shiplog.api.journal.TestStore;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventExpiryTest {

  private static final StorageResource EVENTS = StorageResource.of("events", "");
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final JournalStore store = open();

  private JournalStore open() {
    log.ensureTopics(new TopicCatalogue(TestStore.NAMES, 1, 1).all(List.of(EVENTS)));
    return new JournalStore(
        JournalSettings.alone("test"),
        new JournalEnvironment(
            log,
            TestStore.NAMES,
            InstantSource.system(),
            System::nanoTime,
            RandomGenerator.getDefault(),
            faults,
            Thread.ofPlatform().daemon()::unstarted),
        new StoredResources(List.of(EVENTS), TestStore.INDEXER, List.of()));
  }

  @BeforeEach
  void start() {
    store.start();
  }

  @AfterEach
  void stop() {
    store.close();
    faults.assertNone();
  }

  @Test
  void anEventGoesAnHourAfterItWasLastTold() throws Exception {
    create(store, "old", "2026-01-01T10:00:00Z", "2026-01-01T10:30:00Z");
    create(store, "told-again", "2026-01-01T10:00:00Z", "2026-01-01T11:30:00Z");
    create(store, "new", "2026-01-01T11:59:00Z", "2026-01-01T11:59:00Z");
    try (EventExpiry expiry = new EventExpiry(store, () -> NOW, Runnable::run)) {
      expiry.wakeup();
      expiry.step();
    }
    assertThat(names(store)).containsExactly("new", "told-again");
  }

  @Test
  void anEventWithoutATimeIsLeftForAnHour() throws Exception {
    create(store, "timeless", "", "no time at all");
    try (EventExpiry expiry = new EventExpiry(store, () -> NOW, Runnable::run)) {
      expiry.wakeup();
      expiry.step();
    }
    assertThat(names(store)).containsExactly("timeless");
  }

  @Test
  void anEventWrittenMeanwhileHasItsHourWhateverTimeItNames() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    try (EventExpiry expiry = new EventExpiry(store, now::get, Runnable::run)) {
      look(expiry);
      create(store, "late", "2026-01-01T10:00:00Z", "2026-01-01T10:30:00Z");
      look(expiry);
      now.set(NOW.plus(Duration.ofMinutes(60)));
      look(expiry);
      assertThat(names(store)).containsExactly("late");
      now.set(NOW.plus(Duration.ofMinutes(61)));
      look(expiry);
      assertThat(names(store)).isEmpty();
    }
  }

  private static void look(EventExpiry expiry) {
    expiry.wakeup();
    expiry.step();
  }

  private static List<String> names(Store store) {
    List<String> names = new ArrayList<>();
    store.current().list(EVENTS, "", "").forEachRemaining(e -> names.add(e.key().name()));
    return names;
  }

  private static void create(Store store, String name, String created, String last)
      throws Exception {
    ObjectNode event = Json.MAPPER.createObjectNode().put("kind", "Event");
    event
        .putObject("metadata")
        .put("name", name)
        .put("namespace", "default")
        .put("creationTimestamp", created);
    event.put("lastTimestamp", last);
    ObjectKey key = new ObjectKey(EVENTS, "default", name);
    var _ =
        store
            .commit(TestStore.request(new ProposedChange.Create(key, event)))
            .get(20, TimeUnit.SECONDS);
  }
}
