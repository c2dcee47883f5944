package dev.shiplog.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Decisions are quick while they are few, and gathered where they go on. */
class DecisionPaceTest {

  private final DecisionPace pace = new DecisionPace(0);
  private long nowMs;

  @Test
  void theFirstPodAfterAQuietMomentDoesNotWait() {
    assertThat(pace.rests(0)).isFalse();

    decideWithoutEnd();
    nowMs += 20;

    assertThat(pace.rests(nowMs)).isFalse();
  }

  @Test
  void aFewDecisionsFollowOneAnotherQuickly() {
    for (int i = 0; i < 10; i++) {
      pace.decided(nowMs);
      assertThat(pace.rests(nowMs + 4)).isTrue();
      nowMs += 5;
      assertThat(pace.rests(nowMs)).isFalse();
    }
  }

  @Test
  void whereDecisionsGoOnMoreIsGatheredForEach() {
    decideWithoutEnd();

    assertThat(pace.rests(nowMs + 19)).isTrue();
  }

  @Test
  void afterAQuietTimeTheyAreQuickAgain() {
    decideWithoutEnd();
    nowMs += 5_000;

    pace.decided(nowMs);

    assertThat(pace.rests(nowMs + 5)).isFalse();
  }

  private void decideWithoutEnd() {
    for (int i = 0; i < 200; i++) {
      pace.decided(nowMs);
      while (pace.rests(nowMs)) {
        nowMs++;
      }
    }
    pace.decided(nowMs);
  }
}
