package dev.shiplog.agent.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MomentsTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.300Z");

  @Test
  void whatIsDueWithinASecondIsDueAtTheSameMoment() {
    assertThat(NOW.plus(Moments.nearest(NOW, Duration.ofMillis(9_700))))
        .isEqualTo(NOW.plus(Moments.nearest(NOW, Duration.ofMillis(10_100))))
        .isEqualTo(Instant.parse("2026-01-01T00:00:10Z"));
  }

  @Test
  void theNearestMomentMayBeLater() {
    assertThat(NOW.plus(Moments.nearest(NOW, Duration.ofMillis(10_300))))
        .isEqualTo(Instant.parse("2026-01-01T00:00:11Z"));
  }

  @Test
  void nothingIsDueBeforeNow() {
    assertThat(Moments.nearest(NOW, Duration.ofMillis(100))).isZero();
  }
}
