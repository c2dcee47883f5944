package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a clock counts as set. */
class ClockWatchTest {

  private Instant day = Instant.parse("2026-01-01T00:00:00Z");
  private long nanos;
  private final AtomicInteger jumps = new AtomicInteger();
  private final ClockWatch watch = new ClockWatch(() -> day, () -> nanos, jumps::incrementAndGet);

  @Test
  void timeThatPassesIsNoJumpHoweverLongNobodyLooked() {
    pass(Duration.ofHours(3));
    watch.look();

    assertThat(jumps).hasValue(0);
  }

  @Test
  void aClockThatIsSetForwardOrBackIsNoticedOnceEachTime() {
    day = day.plus(ClockWatch.TOLERANCE);
    watch.look();
    watch.look();
    assertThat(jumps).hasValue(1);

    day = day.minus(Duration.ofDays(20));
    pass(Duration.ofMillis(100));
    watch.look();
    watch.look();
    assertThat(jumps).hasValue(2);
  }

  @Test
  void aClockThatIsCorrectedByAndByIsNotToldOf() {
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofMillis(100));
      day = day.plusMillis(100);
      watch.look();
    }

    assertThat(jumps).hasValue(0);
  }

  private void pass(Duration time) {
    day = day.plus(time);
    nanos += time.toNanos();
  }
}
