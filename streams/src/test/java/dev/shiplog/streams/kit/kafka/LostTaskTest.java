package dev.shiplog.streams.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LostTaskTest {

  private long now = -7;
  private final LostTask task = new LostTask(() -> now);

  @Test
  void oneThatIsOursAndNotDoneForTooLongIsLost() {
    assertThat(task.isLost(true, false)).isFalse();
    pass(LostTask.RESTORED_BY);
    assertThat(task.isLost(true, false)).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(task.isLost(true, false)).isTrue();
  }

  @Test
  void itHasAsLongAgainAfterThat() {
    task.isLost(true, false);
    pass(LostTask.RESTORED_BY.plusSeconds(1));
    task.isLost(true, false);

    pass(LostTask.RESTORED_BY);
    assertThat(task.isLost(true, false)).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(task.isLost(true, false)).isTrue();
  }

  @Test
  void oneThatWasDoneInBetweenIsNot() {
    task.isLost(true, false);
    pass(LostTask.RESTORED_BY);
    task.isLost(true, true);
    pass(LostTask.RESTORED_BY);
    assertThat(task.isLost(true, false)).isFalse();
  }

  @Test
  void oneThatWasAnotherProcesssInBetweenIsNot() {
    task.isLost(true, false);
    pass(LostTask.RESTORED_BY);
    task.isLost(false, false);
    pass(LostTask.RESTORED_BY);
    assertThat(task.isLost(true, false)).isFalse();
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}
