package dev.shiplog.api.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProjectionPaceTest {

  private static final Duration SHORTEST = Duration.ofMillis(8);
  private static final Duration LONGEST = Duration.ofMillis(40);
  private static final Duration QUICK = Duration.ofMillis(1);
  private static final int FEW = 4;

  private final ProjectionPace pace = new ProjectionPace(SHORTEST, LONGEST, 0);

  @Test
  void aFewTransactionsFollowOneAnotherQuickly() {
    for (int i = 0; i < 20; i++) {
      assertEquals(SHORTEST, pace.restAfter(QUICK, FEW, i * 10L));
    }
  }

  @Test
  void manyTransactionsInARowGatherWhatComes() {
    exhaust();
    assertEquals(LONGEST, pace.restAfter(QUICK, FEW, 1));
  }

  @Test
  void afterATransactionOfManyEntriesMoreAreLetGather() {
    assertEquals(LONGEST, pace.restAfter(QUICK, FEW + 1, 0));
    assertEquals(SHORTEST, pace.restAfter(QUICK, FEW, 1));
  }

  @Test
  void afterAQuietWhileTheyAreQuickAgain() {
    exhaust();
    assertEquals(SHORTEST, pace.restAfter(QUICK, FEW, 10_000));
  }

  @Test
  void aTransactionThatTakesLongIsFollowedByALongerRestWithinItsBound() {
    assertEquals(Duration.ofMillis(20), pace.restAfter(Duration.ofMillis(5), FEW, 0));
    assertEquals(LONGEST, pace.restAfter(Duration.ofSeconds(1), FEW, 0));
  }

  @Test
  void aClockThatGoesBackHarmsNothing() {
    exhaust();
    assertTrue(pace.restAfter(QUICK, FEW, -60_000).compareTo(LONGEST) <= 0);
  }

  private void exhaust() {
    for (int i = 0; i < 100; i++) {
      pace.restAfter(QUICK, FEW, 0);
    }
  }
}
