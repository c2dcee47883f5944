package dev.shiplog.topics.journal;

import static dev.shiplog.topics.journal.EntryFilter.Verdict.AFTER_GAP;
import static dev.shiplog.topics.journal.EntryFilter.Verdict.COUNTS;
import static dev.shiplog.topics.journal.EntryFilter.Verdict.MARK;
import static dev.shiplog.topics.journal.EntryFilter.Verdict.OLD_EPOCH;
import static dev.shiplog.topics.journal.EntryFilter.Verdict.REPEATED;
import static dev.shiplog.topics.journal.EntryFilter.Verdict.UNCLAIMED_EPOCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.shiplog.topics.journal.EntryFilter.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EntryFilterTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("logs")
  void judges(String what, List<Step> log) {
    assertThat(verdicts(new EntryFilter(), log)).as(what).isEqualTo(expected(log));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("logs")
  void judgesTheSameWhenItGoesOnFromAnyPlace(String what, List<Step> log) {
    for (int split = 0; split <= log.size(); split++) {
      EntryFilter first = new EntryFilter();
      verdicts(first, log.subList(0, split));
      EntryFilter second = new EntryFilter(first.epoch(), first.sequence());

      List<Step> rest = log.subList(split, log.size());
      assertThat(verdicts(second, rest)).as(what).isEqualTo(expected(rest));
    }
  }

  @Test
  void tellsTheEpochAndTheSequenceThatCounted() {
    EntryFilter filter = new EntryFilter(7, 41);

    filter.judge(beat(7, 42, COUNTS).entry());
    filter.judge(beat(7, 44, AFTER_GAP).entry());

    assertThat(filter.epoch()).isEqualTo(7);
    assertThat(filter.sequence()).isEqualTo(42);
  }

  static Stream<Arguments> logs() {
    return Stream.of(sequences(), claims()).flatMap(log -> log);
  }

  private static Stream<Arguments> sequences() {
    return Stream.of(
        arguments(
            "the first claim of a journal and what follows it count",
            List.of(claim(1, COUNTS), beat(1, 1, COUNTS), beat(1, 2, COUNTS))),
        arguments(
            "nothing counts before the first claim",
            List.of(beat(0, 1, UNCLAIMED_EPOCH), beat(1, 1, UNCLAIMED_EPOCH), claim(1, COUNTS))),
        arguments(
            "late appends of a deposed leader do not count",
            List.of(
                claim(1, COUNTS),
                beat(1, 1, COUNTS),
                claim(2, COUNTS),
                beat(1, 2, OLD_EPOCH),
                beat(2, 1, COUNTS),
                beat(1, 3, OLD_EPOCH))),
        arguments(
            "what comes after a lost append does not count",
            List.of(
                claim(1, COUNTS),
                beat(1, 1, COUNTS),
                beat(1, 3, AFTER_GAP),
                beat(1, 4, AFTER_GAP))),
        arguments(
            "a lost append that arrives late counts, and so does what follows it then",
            List.of(
                claim(1, COUNTS), beat(1, 2, AFTER_GAP), beat(1, 1, COUNTS), beat(1, 2, COUNTS))),
        arguments(
            "a new claim ends a gap",
            List.of(
                claim(1, COUNTS),
                beat(1, 2, AFTER_GAP),
                claim(2, COUNTS),
                beat(1, 1, OLD_EPOCH),
                beat(2, 1, COUNTS))),
        arguments(
            "an append that arrives twice counts once",
            List.of(
                claim(1, COUNTS),
                beat(1, 1, COUNTS),
                beat(1, 1, REPEATED),
                beat(1, 2, COUNTS),
                beat(1, 1, REPEATED))),
        arguments(
            "marks never count and take no sequence number",
            List.of(mark(), claim(1, COUNTS), mark(), beat(1, 1, COUNTS), mark())),
        arguments(
            "every kind of entry takes part in the sequence",
            List.of(
                claim(1, COUNTS),
                commit(1, 1, COUNTS),
                skip(1, 2, COUNTS),
                beat(1, 3, COUNTS),
                commit(1, 3, REPEATED),
                skip(1, 5, AFTER_GAP))));
  }

  private static Stream<Arguments> claims() {
    return Stream.of(
        arguments(
            "of two claims of one epoch the first counts",
            List.of(claim(1, COUNTS), claim(2, COUNTS), claim(2, OLD_EPOCH), beat(2, 1, COUNTS))),
        arguments(
            "a claim that arrives twice does not take back what was written since",
            List.of(
                claim(1, COUNTS),
                beat(1, 1, COUNTS),
                claim(1, OLD_EPOCH),
                beat(1, 1, REPEATED),
                beat(1, 2, COUNTS))),
        arguments(
            "a claim that skips an epoch does not count, nor does what its writer appends",
            List.of(claim(1, COUNTS), claim(3, UNCLAIMED_EPOCH), beat(3, 1, UNCLAIMED_EPOCH))),
        arguments(
            "a claim of an epoch long past does not count",
            List.of(claim(1, COUNTS), claim(2, COUNTS), claim(1, OLD_EPOCH))));
  }

  private static List<Verdict> verdicts(EntryFilter filter, List<Step> log) {
    return log.stream().map(step -> filter.judge(step.entry())).toList();
  }

  private static List<Verdict> expected(List<Step> log) {
    return log.stream().map(Step::verdict).toList();
  }

  record Step(Entry entry, Verdict verdict) {}

  private static Step claim(long epoch, Verdict verdict) {
    return new Step(new Entry.Claim(epoch, "a", "", 0, "cluster", 0), verdict);
  }

  private static Step beat(long epoch, long sequence, Verdict verdict) {
    return new Step(new Entry.Heartbeat(epoch, sequence, 0), verdict);
  }

  private static Step commit(long epoch, long sequence, Verdict verdict) {
    return new Step(Entries.commit(epoch, sequence), verdict);
  }

  private static Step skip(long epoch, long sequence, Verdict verdict) {
    return new Step(Entries.skip(epoch, sequence), verdict);
  }

  private static Step mark() {
    return new Step(new Entry.Mark("a", 1), MARK);
  }
}
