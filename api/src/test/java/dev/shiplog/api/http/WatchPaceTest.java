package dev.shiplog.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WatchPaceTest {

  private final WatchPace pace = new WatchPace();

  @Test
  void aFewWatchesRestShortly() {
    for (int i = 0; i < 8; i++) {
      assertEquals(5, pace.rest());
    }
  }

  @Test
  void manyWatchesThatWriteRestLonger() {
    for (int i = 0; i < 49; i++) {
      pace.rest();
    }
    assertEquals(25, pace.rest());
  }

  @Test
  void noNumberOfWatchesMakesThemRestForLong() {
    for (int i = 0; i < 5_000; i++) {
      assertTrue(pace.rest() <= 100);
    }
  }

  @Test
  void watchesThatHaveRestedCountNoMore() {
    for (int i = 0; i < 100; i++) {
      pace.rest();
    }
    for (int i = 0; i < 100; i++) {
      pace.rested();
    }
    assertEquals(5, pace.rest());
  }
}
