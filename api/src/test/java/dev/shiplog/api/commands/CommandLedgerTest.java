package dev.shiplog.api.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.journal.Entry;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CommandLedgerTest {

  @Test
  void theLowestUndecidedCommandMovesOverWhatIsDecided() {
    CommandLedger ledger = decided(0, 1, 3);

    assertThat(ledger.decided().lowestUndecided()).isEqualTo(2);
    assertThat(ledger.decided().decidedAbove()).containsExactly(3L);
    assertThat(decide(ledger, 2).decided().lowestUndecided()).isEqualTo(4);
    assertThat(decide(ledger, 2).decided().decidedAbove()).isEmpty();
  }

  @Test
  void aCommandIsDecidedOnceAnEntryNamesIt() {
    CommandLedger ledger = decided(0, 2);

    assertThat(ledger.isDecided(ref(0))).isTrue();
    assertThat(ledger.isDecided(ref(1))).isFalse();
    assertThat(ledger.isDecided(ref(2))).isTrue();
  }

  @Test
  void decidingItAgainChangesNothing() {
    CommandLedger once = decided(0, 2);

    assertThat(decide(once, 2).decided()).isEqualTo(once.decided());
    assertThat(decide(once, 0).decided()).isEqualTo(once.decided());
  }

  @Test
  void heartbeatsClaimsAndMarksDecideNothing() {
    CommandLedger ledger = decided(0);

    assertThat(ledger.after(new Entry.Heartbeat(1, 1, 0))).isSameAs(ledger);
    assertThat(ledger.after(new Entry.Mark("a", 1))).isSameAs(ledger);
    assertThat(ledger.after(new Entry.Claim(2, "a", "", 0, "c", 0))).isSameAs(ledger);
  }

  @Test
  void anotherCommandsTopicBeginsAnew() {
    CommandLedger ledger = decided(0, 1, 2);
    CommandRef first = new CommandRef("other", 0, 0, "c", "app", 1, "k");

    CommandLedger after = ledger.after(skip(first));

    assertThat(after.isDecided(first)).isTrue();
    assertThat(after.isDecided(ref(1))).isFalse();
    assertThat(after.lowestUndecided("other")).isEqualTo(1);
    assertThat(after.lowestUndecided("topic")).isZero();
  }

  @Test
  void theGenerationInForceIsTheHighestThatWasDecided() {
    CommandLedger ledger =
        CommandLedger.EMPTY.after(skip(ref(0, 5))).after(skip(ref(1, 3))).after(skip(ref(2, 4)));

    assertThat(ledger.generation("app")).isEqualTo(5);
    assertThat(ledger.isSuperseded(ref(3, 4))).isTrue();
    assertThat(ledger.isSuperseded(ref(3, 5))).isFalse();
  }

  @Test
  void offsetsThatNeverHeldACommandDoNotHoldTheLedgerBackForEver() {
    CommandLedger ledger = CommandLedger.EMPTY;
    long first = 10;
    for (long offset = first; offset < first + CommandLedger.WINDOW; offset++) {
      ledger = decide(ledger, offset);
    }

    assertThat(ledger.decided().lowestUndecided()).isEqualTo(first + CommandLedger.WINDOW);
    assertThat(ledger.decided().decidedAbove()).isEmpty();
  }

  @Test
  void aHoleNeverLetsACommandPassForDecidedThatIsUnderWay() {
    long hole = 0;
    long underWay = 5;
    CommandLedger ledger = CommandLedger.EMPTY;
    for (long offset = hole + 1; offset < underWay + CommandLedger.WINDOW; offset++) {
      ledger = offset == underWay ? ledger : decide(ledger, offset);
      assertThat(ledger.isDecided(ref(underWay))).as("at " + offset).isFalse();
    }
    assertThat(ledger.isDecided(ref(hole))).isTrue();
  }

  @Test
  void itIsTheSameAfterACheckpoint() {
    CommandLedger ledger = decided(0, 1, 4, 6);

    CommandLedger restored = CommandLedger.of(ledger.generations(), ledger.decided());

    assertThat(decide(restored, 2).decided()).isEqualTo(decide(ledger, 2).decided());
    assertThat(restored.generations()).isEqualTo(ledger.generations());
  }

  @Test
  void anySplitOfTheSameEntriesGivesTheSameLedger() {
    List<Long> offsets = List.of(3L, 0L, 1L, 2L, 7L, 4L, 6L, 5L);
    CommandLedger whole = decided(offsets.stream().mapToLong(Long::longValue).toArray());

    for (int split = 0; split <= offsets.size(); split++) {
      CommandLedger first =
          decided(offsets.subList(0, split).stream().mapToLong(Long::longValue).toArray());
      CommandLedger second = CommandLedger.of(first.generations(), first.decided());
      for (long offset : offsets.subList(split, offsets.size())) {
        second = decide(second, offset);
      }
      assertThat(second.decided()).isEqualTo(whole.decided());
    }
  }

  private static CommandLedger decided(long... offsets) {
    return LongStream.of(offsets)
        .boxed()
        .reduce(CommandLedger.EMPTY, CommandLedgerTest::decide, (a, _) -> a);
  }

  private static CommandLedger decide(CommandLedger ledger, long offset) {
    return ledger.after(skip(ref(offset)));
  }

  private static Entry skip(CommandRef ref) {
    return new Entry.Skip(
        1, 1, 0, CommandOrigin.of(null, ref, 0), new CommandResult(400, "", "", "", 0));
  }

  private static CommandRef ref(long offset) {
    return ref(offset, 1);
  }

  private static CommandRef ref(long offset, long generation) {
    return new CommandRef("topic", 0, offset, "c-" + offset, "app", generation, "k");
  }
}
