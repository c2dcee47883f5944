package dev.shiplog.topics.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PulseTest {

  private long now = -5;
  private final Pulse pulse = new Pulse(() -> now);

  private void pass(long seconds) {
    now += seconds * 1_000_000_000L;
  }

  @Test
  void anOwnerThatHasNotBegunIsWaitedFor() {
    pass(1000);
    assertThat(pulse.isThere()).isTrue();
  }

  @Test
  void anOwnerThatHangsIsNotThere() {
    pulse.beat();
    pass(60);
    assertThat(pulse.isThere()).isTrue();
    pass(1);
    assertThat(pulse.isThere()).isFalse();
  }

  @Test
  void anOwnerThatGoesOnIsThereAgain() {
    pulse.beat();
    pass(100);
    pulse.beat();
    assertThat(pulse.isThere()).isTrue();
  }

  @Test
  void anOwnerThatStoppedIsNotMissed() {
    pulse.beat();
    pulse.rest();
    pass(100);
    assertThat(pulse.isThere()).isTrue();
  }

  @Test
  void anOwnerHasBegunFromItsFirstTurnUntilItStops() {
    assertThat(pulse.hasBegun()).isFalse();
    pulse.beat();
    assertThat(pulse.hasBegun()).isTrue();
    pulse.rest();
    assertThat(pulse.hasBegun()).isFalse();
  }
}
