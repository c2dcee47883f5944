package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a reader finds in the projected topics, held against the journal they follow from. */
final class ProjectedTopics {

  private final LogSource log;

  ProjectedTopics(LogSource log) {
    this.log = log;
  }

  /** A fresh reader of the store topic builds the state that the journal gives. */
  void checkStore(State state) {
    checkStore(texts(state));
  }

  /** The same, given the objects in the order of their keys. */
  void checkStore(List<String> objects) {
    State read =
        new StoreTopics(log, TestStore.NAMES, new ObjectCodec(TestStore.INDEXER, List.of()))
            .read(new StoredResources(TestStore.RESOURCES, TestStore.INDEXER, List.of()))
            .state();
    assertThat(texts(read)).as("objects in the store topic").isEqualTo(objects);
  }

  /** Readers of the store topic are given revisions in order: no older one after a newer one. */
  void checkOrder() {
    List<Long> revisions =
        records(TestStore.NAMES.store(TestStore.PODS)).stream()
            .map(stored -> number(stored.record(), RecordHeaders.REVISION))
            .toList();
    assertThat(revisions).as("revisions in the store topic").isSorted().doesNotHaveDuplicates();
  }

  /** Every change has one audit record. */
  void checkAudit(Collection<Change> counted) {
    List<Long> revisions =
        records(TestStore.NAMES.audit()).stream()
            .map(stored -> number(stored.record(), RecordHeaders.REVISION))
            .toList();
    assertThat(revisions)
        .as("revisions in the audit topic")
        .containsExactlyElementsOf(counted.stream().map(Change::revision).toList());
  }

  private List<StoredRecord> records(String topic) {
    List<StoredRecord> records = new ArrayList<>();
    TopicContents.read(log, List.of(Partition.only(topic)), records::add);
    return records;
  }

  private static long number(LogRecord record, String header) {
    return Long.parseLong(new String(record.headers().get(header), StandardCharsets.UTF_8));
  }

  private static List<String> texts(State state) {
    List<String> texts = new ArrayList<>();
    state.list(TestStore.PODS, "", "").forEachRemaining(o -> texts.add(text(o)));
    return texts;
  }

  private static String text(StoredObject object) {
    return new String(object.bytes(), StandardCharsets.UTF_8);
  }
}
