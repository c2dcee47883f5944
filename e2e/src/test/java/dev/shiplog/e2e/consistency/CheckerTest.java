package dev.shiplog.e2e.consistency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.e2e.consistency.Call.Get;
import dev.shiplog.e2e.consistency.Call.Listing;
import dev.shiplog.e2e.consistency.Call.Outcome;
import dev.shiplog.e2e.consistency.Call.Version;
import dev.shiplog.e2e.consistency.Call.Write;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the checker finds, and what it lets pass. */
class CheckerTest {

  /** Key a: one at 1, two at 3, deleted at 5; key b: three at 4. */
  private static final List<Event> EVENTS =
      List.of(
          new Event(1, "a", "one"),
          new Event(3, "a", "two"),
          new Event(4, "b", "three"),
          new Event(5, "a", null));

  @Test
  void aTrueHistoryPasses() {
    assertFaultless(
        write(0, 10, "a", 0, "one", Outcome.DONE, 1),
        write(11, 20, "a", 1, "two", Outcome.DONE, 3),
        write(12, 30, "b", 0, "three", Outcome.DONE, 4),
        new Get(21, 22, "a", new Version(3, "two")),
        new Listing(
            31, 35, true, 4, Map.of("a", new Version(3, "two"), "b", new Version(4, "three"))),
        write(36, 40, "a", 3, null, Outcome.DONE, 0),
        new Get(41, 42, "a", null));
  }

  @Test
  void aReadBesideAWriteMayShowEitherState() {
    assertFaultless(
        write(0, 10, "a", 0, "one", Outcome.DONE, 1),
        write(11, 30, "a", 1, "two", Outcome.DONE, 3),
        new Get(12, 13, "a", new Version(1, "one")),
        new Get(14, 15, "a", new Version(3, "two")));
  }

  @Test
  void anUnknownOutcomeMayBeEither() {
    assertFaultless(
        write(0, 10, "a", 0, "one", Outcome.UNKNOWN, 0),
        write(0, 10, "a", -1, "never", Outcome.UNKNOWN, 0));
  }

  @Test
  void anAcknowledgedWriteThatIsGoneIsFound() {
    assertFault("lost", write(0, 10, "b", 0, "gone", Outcome.DONE, 2));
  }

  @Test
  void aRefusedWriteThatTookEffectIsFound() {
    assertFault("refused", write(0, 10, "a", 0, "one", Outcome.REFUSED, 0));
  }

  @Test
  void anUpdateOfAnotherRevisionThanItExpectedIsFound() {
    assertFault("took effect on revision 1", write(0, 10, "a", 2, "two", Outcome.DONE, 3));
  }

  @Test
  void aStaleReadIsFound() {
    assertFault(
        "stale",
        write(0, 10, "a", 1, "two", Outcome.DONE, 3),
        new Get(11, 12, "a", new Version(1, "one")));
  }

  @Test
  void aReadThatGoesBackBehindAnotherIsFound() {
    assertFault(
        "stale",
        new Get(1, 2, "a", new Version(3, "two")),
        new Get(3, 4, "a", new Version(1, "one")));
  }

  @Test
  void anObjectThatIsMissedWhileItIsThereIsFound() {
    assertFault(
        "only began later",
        write(0, 10, "a", 0, "one", Outcome.DONE, 1),
        new Get(11, 12, "a", null),
        write(13, 14, "a", 3, null, Outcome.DONE, 0));
  }

  @Test
  void aReadOfWhatIsOnlyWrittenLaterIsFound() {
    assertFault(
        "only began later",
        new Get(1, 2, "a", new Version(3, "two")),
        write(3, 10, "a", 1, "two", Outcome.DONE, 3));
  }

  @Test
  void aWriteBelowWhatWasKnownIsFound() {
    assertFault(
        "was known before",
        write(0, 10, "b", 0, "three", Outcome.DONE, 4),
        write(11, 20, "a", 1, "two", Outcome.DONE, 3));
  }

  @Test
  void aListThatIsNoSnapshotIsFound() {
    assertFault("not the state", new Listing(1, 2, false, 4, Map.of("a", new Version(3, "two"))));
  }

  @Test
  void anOldListIsFound() {
    assertFault(
        "was known before",
        write(0, 10, "b", 0, "three", Outcome.DONE, 4),
        new Listing(11, 12, true, 3, Map.of("a", new Version(3, "two"))));
  }

  @Test
  void aWatchThatMissesAChangeIsFound() {
    assertThat(
            new Checker(new Timeline(EVENTS))
                .check(List.of(), List.of(new Watched(1, 4, List.of(EVENTS.get(2))))))
        .singleElement()
        .asString()
        .contains("the watch after 1");
  }

  @Test
  void revisionsThatDoNotIncreaseAreFound() {
    assertThatThrownBy(() -> new Timeline(EVENTS.reversed())).isInstanceOf(AssertionError.class);
  }

  @Test
  void aWriteThatIsAppliedTwiceIsFound() {
    assertThatThrownBy(
            () -> new Timeline(List.of(new Event(1, "a", "one"), new Event(2, "a", "one"))))
        .hasMessageContaining("twice");
  }

  private static Write write(
      long begun,
      long ended,
      String key,
      long expected,
      String content,
      Outcome outcome,
      long revision) {
    return new Write(begun, ended, key, expected, content, outcome, revision, "");
  }

  private static void assertFaultless(Call... calls) {
    assertThat(new Checker(new Timeline(EVENTS)).check(List.of(calls), List.of())).isEmpty();
  }

  private static void assertFault(String text, Call... calls) {
    assertThat(new Checker(new Timeline(EVENTS)).check(List.of(calls), List.of()))
        .anySatisfy(fault -> assertThat(fault).contains(text));
  }
}
