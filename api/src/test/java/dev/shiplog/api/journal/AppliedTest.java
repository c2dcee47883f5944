package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.PODS;
import static dev.shiplog.api.journal.TestStore.object;
import static dev.shiplog.api.journal.TestStore.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.commands.CommandLedger;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import dev.shiplog.api.view.View;
import dev.shiplog.api.view.ViewLimits;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryFilter;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Applying follows from the entries alone. */
class AppliedTest {

  private final ObjectCodec codec = new ObjectCodec(TestStore.INDEXER, List.of());
  private final EntryReader reader = new EntryReader(codec);
  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private DrivenServer leader;
  private List<StoredRecord> records;

  /** A journal with everything in it: changes of all kinds, a lost entry, a new claim. */
  @BeforeEach
  void writeAJournal() {
    log.ensureTopics(TestStore.topics());
    leader = new DrivenServer("leader", log, 0);
    leader.claim();
    leader.step(1);
    for (int i = 0; i < 12; i++) {
      if (i == 5) {
        leader.log.faults().failNextAppend(TestStore.NAMES.journal());
      }
      change(i);
    }
    records = read();
    assertThat(leader.leadership).containsExactly("leads 1", "leads 2");
  }

  private void change(int i) {
    String name = "pod-" + i % 4;
    EncodedObject now = leader.state().get(PODS, "default/" + name);
    ProposedChange change;
    if (now == null) {
      change = new ProposedChange.Create(pod(name), object(pod(name), "content-" + i));
    } else if (i % 3 == 1) {
      change = new ProposedChange.Delete(pod(name), now.revision());
    } else {
      change =
          new ProposedChange.Update(pod(name), now.revision(), object(pod(name), "content-" + i));
    }
    var _ = leader.commit(change);
    for (int step = 0; step < 3; step++) {
      leader.step(1);
    }
  }

  @Test
  void theLeaderAdoptsWhatApplyingItsEntriesGives() {
    assertThat(describe(apply(records.size()))).isEqualTo(describe(leader.view()));
  }

  @Test
  void anySplitOfTheEntriesGivesTheSameState() {
    String whole = describe(apply(records.size()));
    for (int batch = 1; batch < records.size(); batch++) {
      assertThat(describe(apply(batch))).as("in batches of %d", batch).isEqualTo(whole);
    }
  }

  @Test
  void applyingFromAStateThatRunsAheadGivesTheSameState() {
    State ahead = leader.state();
    View view = new View(ViewLimits.DEFAULT, ahead, 0, 0);
    Applied applied = new Applied(reader, new EntryFilter(), CommandLedger.EMPTY, "", null, view);

    apply(applied, records);

    assertThat(describe(view)).isEqualTo(describe(leader.view()));
  }

  @Test
  void aClaimOfAnotherClusterStopsTheServer() {
    View view = new View(ViewLimits.DEFAULT, State.EMPTY, 0, 0);
    Applied applied =
        new Applied(reader, new EntryFilter(), CommandLedger.EMPTY, "mine", null, view);
    Entry.Claim claim = new Entry.Claim(1, "other", "", 0, "theirs", 0);
    TailedEntry tailed = new TailedEntry(0, claim, List.of());

    assertThat(applied.judge(tailed).counts()).isTrue();
    assertThatThrownBy(() -> applied.apply(tailed))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("theirs");
  }

  @Test
  void revisionsGoOnAboveTheFloorOfAClaim() {
    View view = new View(ViewLimits.DEFAULT, State.EMPTY, 0, 0);
    Applied applied = new Applied(reader, new EntryFilter(), CommandLedger.EMPTY, "", null, view);
    TailedEntry claim = new TailedEntry(0, new Entry.Claim(1, "l", "", 0, "c", 1000), List.of());

    assertThat(applied.judge(claim).counts()).isTrue();
    applied.apply(claim);

    assertThat(applied.state().revision()).isEqualTo(1000);
  }

  private View apply(int batch) {
    View view = new View(ViewLimits.DEFAULT, State.EMPTY, 0, 0);
    Applied applied = new Applied(reader, new EntryFilter(), CommandLedger.EMPTY, "", null, view);
    for (int from = 0; from < records.size(); from += batch) {
      apply(applied, records.subList(from, Math.min(records.size(), from + batch)));
    }
    return view;
  }

  private void apply(Applied applied, List<StoredRecord> some) {
    for (StoredRecord stored : some) {
      TailedEntry tailed = reader.read(stored, -1);
      if (applied.judge(tailed).counts()) {
        applied.apply(tailed);
      }
    }
    applied.publish();
  }

  private List<StoredRecord> read() {
    List<StoredRecord> all = new ArrayList<>();
    try (LogReader source = log.openReader(Isolation.READ_UNCOMMITTED)) {
      source.assign(Map.of(DrivenServer.JOURNAL, 0L));
      for (List<StoredRecord> next = source.poll(Duration.ZERO);
          !next.isEmpty();
          next = source.poll(Duration.ZERO)) {
        all.addAll(next);
      }
    }
    return all;
  }

  private static String describe(View view) {
    StringBuilder text = new StringBuilder();
    text.append(view.position()).append('@').append(view.current().revision()).append('\n');
    view.current().list(PODS, "", "").forEachRemaining(o -> text.append(line(o)));
    for (StoredEvent event : view.events(PODS, 0).poll(1000)) {
      text.append(event.revision()).append(": ");
      text.append(line(event.before())).append(line(event.after())).append(line(event.deleted()));
    }
    return text.toString();
  }

  private static String line(StoredObject object) {
    return object == null ? "nothing\n" : object + " " + object.tree() + "\n";
  }
}
