package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.content;
import static dev.shiplog.api.journal.TestStore.createObject;
import static dev.shiplog.api.journal.TestStore.pod;
import static dev.shiplog.api.journal.TestStore.updateObject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on a real broker. */
class JournalStoreIT {

  private final RecordingFaultHandler faults = new RecordingFaultHandler();

  @Test
  void whatWasCommittedAndProjectedIsThereAfterARestart(@TempDir Path directory) {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
        TopicLog log = new KafkaTopicLog(KafkaSettings.at(broker.bootstrapServers()))) {
      StoredObject updated;
      try (JournalStore store = TestStore.started(log, faults)) {
        StoredObject created = createObject(store, pod("a"), "one").join().objects().getFirst();
        TestStore.project(log);
        updated = updateObject(store, created, "two").join().objects().getFirst();
        StoredObject read = store.read(new ReadAt.Latest()).join().get(pod("a")).orElseThrow();
        assertThat(content(read)).isEqualTo("two");
      }
      try (JournalStore store = TestStore.started(log, faults)) {
        StoredObject restored = store.current().get(pod("a")).orElseThrow();
        assertThat(restored.bytes()).isEqualTo(updated.bytes());
        assertThat(createObject(store, pod("b"), "").join().revision()).isEqualTo(3);
      }
    }
    faults.assertNone();
  }
}
