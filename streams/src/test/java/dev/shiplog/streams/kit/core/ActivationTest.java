package dev.shiplog.streams.kit.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Outcome;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ActivationTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private boolean caughtUp = true;
  private final Activation activation =
      new Activation(
          "controllers",
          new CatchUp() {
            @Override
            public void start() {}

            @Override
            public boolean done() {
              return caughtUp;
            }
          });

  @Test
  void itIsActiveOnceItsGenerationHasBegun() {
    Command begin = activation.begin(START);
    assertThat(begin.verb()).isEqualTo(Verb.BEGIN);
    assertThat(activation.isActive()).isFalse();

    activation.onOutcome(accepted(begin.generation()), START);
    activation.onTime(START);

    assertThat(activation.isActive()).isTrue();
    assertThat(activation.generation()).isEqualTo(begin.generation());
  }

  @Test
  void itIsNotActiveBeforeEverythingDecidedEarlierWasRead() {
    caughtUp = false;
    activation.onOutcome(accepted(activation.begin(START).generation()), START);
    activation.onTime(START);
    assertThat(activation.isActive()).isFalse();

    caughtUp = true;
    activation.onTime(START);

    assertThat(activation.isActive()).isTrue();
  }

  @Test
  void aRefusedGenerationIsFollowedByAHigherOne() {
    Command first = activation.begin(START);

    Command second =
        activation.onOutcome(refused(first.generation()), START.plusMillis(1)).orElseThrow();

    assertThat(second.generation()).isGreaterThan(first.generation() + 1000);
  }

  @Test
  void repeatedRefusalsGetPastAClockThatWasYearsAhead() {
    long ahead = START.plusSeconds(10L * 365 * 24 * 3600).toEpochMilli();
    Command begin = activation.begin(START);
    for (int attempts = 0; begin.generation() <= ahead; attempts++) {
      assertThat(attempts).isLessThan(45);
      begin = activation.onOutcome(refused(begin.generation()), START).orElseThrow();
    }
  }

  @Test
  void aBeginWithoutOutcomeIsAskedForAgain() {
    Command first = activation.begin(START);
    assertThat(activation.onTime(START.plusSeconds(4))).isEmpty();

    Command second = activation.onTime(START.plusSeconds(5)).orElseThrow();

    assertThat(second.generation()).isGreaterThan(first.generation());
    activation.onOutcome(accepted(first.generation()), START.plusSeconds(6));
    assertThat(activation.isActive()).isFalse();
  }

  @Test
  void itFallsSilentWhenASuccessorHasBegun() {
    long generation = activate();

    activation.onOutcome(accepted(generation + 1), START);

    assertThat(activation.isActive()).isFalse();
  }

  @Test
  void anOutcomeOfAPredecessorChangesNothing() {
    long generation = activate();

    activation.onOutcome(accepted(generation - 1), START);

    assertThat(activation.isActive()).isTrue();
  }

  @Test
  void ifTheSuccessorIsGoneItBeginsAnewAboveIt() {
    long generation = activate();
    activation.onOutcome(accepted(generation + 100_000), START);

    Command again = activation.onTime(START.plus(Activation.DEPOSED_LIMIT)).orElseThrow();

    assertThat(again.generation()).isGreaterThan(generation + 100_000);
  }

  private long activate() {
    long generation = activation.begin(START).generation();
    activation.onOutcome(accepted(generation), START);
    activation.onTime(START);
    assertThat(activation.isActive()).isTrue();
    return generation;
  }

  private static Outcome accepted(long generation) {
    return outcome(generation, new CommandResult(200, "", "", "", 0));
  }

  private static Outcome refused(long generation) {
    return outcome(generation, new CommandResult(409, "Conflict", "older", "", 0));
  }

  private static Outcome outcome(long generation, CommandResult result) {
    return new Outcome("begin", "controllers", generation, 0, 0, 0, result);
  }
}
