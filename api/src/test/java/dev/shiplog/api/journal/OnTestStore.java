package dev.shiplog.api.journal;

import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with a store that serves alone, on a log of its own, and in which nothing is at fault. */
abstract class OnTestStore {

  final RecordingFaultHandler faults = new RecordingFaultHandler();
  final InMemoryTopicLog log = new InMemoryTopicLog();
  JournalStore store;

  @BeforeEach
  final void startStore() {
    store = TestStore.started(log, faults);
  }

  @AfterEach
  final void stopStore() {
    store.close();
    faults.assertNone();
  }
}
