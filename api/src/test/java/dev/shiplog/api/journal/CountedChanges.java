package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.journal.EntryFilter;
import dev.shiplog.topics.journal.EntryFilter.Verdict;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What counts, found out by nothing but the rule; by revision, none of them given twice. It follows
 * the journal, so that it may be cut.
 */
final class CountedChanges {

  private final InMemoryTopicLog log;
  private final LogReader reader;
  private final EntryFilter filter = new EntryFilter();
  private final NavigableMap<Long, Change> changes = new TreeMap<>();
  private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
  private long last;

  CountedChanges(InMemoryTopicLog log) {
    this.log = log;
    this.reader = log.openReader(Isolation.READ_UNCOMMITTED);
    reader.assign(Map.of(DrivenServer.JOURNAL, 0L));
  }

  /** All of them up to now. */
  NavigableMap<Long, Change> follow() {
    long end = log.end(DrivenServer.JOURNAL, Isolation.READ_UNCOMMITTED);
    while (reader.position(DrivenServer.JOURNAL) < end) {
      reader.poll(Duration.ZERO).forEach(this::take);
    }
    return changes;
  }

  /** How often each verdict fell on an entry. */
  Map<Verdict, Integer> verdicts() {
    return verdicts;
  }

  private void take(StoredRecord stored) {
    Entry entry = EntryCodec.decode(stored.record().value());
    Verdict verdict = filter.judge(entry);
    verdicts.merge(verdict, 1, Integer::sum);
    if (verdict.counts() && entry instanceof Entry.Commit commit) {
      for (Change change : commit.changes()) {
        assertThat(change.revision()).isGreaterThan(last);
        last = change.revision();
        changes.put(last, change);
      }
    }
  }
}
