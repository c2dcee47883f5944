package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a leader may be silent. */
class SilenceTest {

  private static final Duration HEARTBEAT = Duration.ofMillis(250);
  private static final Duration MOST = Duration.ofSeconds(2);

  private final Silence silence = new Silence(HEARTBEAT, MOST, 0);
  private long now;

  @Test
  void withoutExperienceItIsTheBound() {
    assertThat(tooLongAfter(Duration.ofMillis(1999))).isFalse();
    assertThat(tooLongAfter(MOST)).isTrue();
  }

  @Test
  void regularSignsBringItDownToFourHeartbeats() {
    signs(Duration.ofMillis(260), Duration.ofMinutes(3));

    assertThat(tooLongAfter(Duration.ofMillis(999))).isFalse();
    assertThat(tooLongAfter(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void oneLongGapMakesItPatientAgainForAWhile() {
    signs(Duration.ofMillis(260), Duration.ofMinutes(3));
    signs(Duration.ofMillis(600), Duration.ofMillis(600));
    signs(Duration.ofMillis(260), Duration.ofSeconds(2));

    assertThat(tooLongAfter(Duration.ofMillis(1500))).isFalse();

    signs(Duration.ofMillis(260), Duration.ofMinutes(3));

    assertThat(tooLongAfter(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void itIsNeverMoreThanTheBound() {
    signs(Duration.ofMillis(1900), Duration.ofMinutes(1));

    assertThat(tooLongAfter(MOST)).isTrue();
  }

  private void signs(Duration every, Duration lasting) {
    for (long end = now + lasting.toNanos(); now < end; ) {
      now += every.toNanos();
      silence.broken(now);
    }
  }

  private boolean tooLongAfter(Duration time) {
    return silence.isTooLong(now + time.toNanos());
  }
}
