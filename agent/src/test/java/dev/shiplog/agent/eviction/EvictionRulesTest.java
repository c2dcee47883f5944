package dev.shiplog.agent.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a node ends pods, as it is written. */
final class EvictionRulesTest {

  private static final Level HUNDRED = new Level(100, 1 << 20);

  @Test
  void amountsAndPartsAreUnderstood() {
    Thresholds read =
        EvictionRules.DEFAULTS
            .endingBelow("memory.available<64Mi, nodefs.available<12.5%")
            .thresholds();

    assertThat(read.least(Signal.MEMORY, HUNDRED)).contains(64L << 20);
    assertThat(read.least(Signal.NODE_DISK, HUNDRED)).contains(1L << 17);
  }

  @Test
  void inodesHaveSignalsOfTheirOwn() {
    Thresholds read =
        EvictionRules.DEFAULTS
            .endingBelow("nodefs.inodesFree<10%,imagefs.inodesFree<2k")
            .thresholds();

    assertThat(read.least(Signal.NODE_FILES, new Level(0, 500))).contains(50L);
    assertThat(read.least(Signal.IMAGE_FILES, HUNDRED)).contains(2_000L);
  }

  @Test
  void withoutAWordATwentiethOfTheInodesIsKeptFree() {
    Thresholds defaults = EvictionRules.DEFAULTS.thresholds();

    assertThat(defaults.least(Signal.NODE_FILES, new Level(0, 1_000))).contains(50L);
    assertThat(defaults.least(Signal.IMAGE_FILES, new Level(0, 1_000))).contains(50L);
  }

  @Test
  void whatIsNotNamedIsNotLookedAt() {
    Thresholds read = EvictionRules.DEFAULTS.endingBelow("memory.available<64Mi").thresholds();

    assertThat(read.bySignal())
        .isEqualTo(Map.of(Signal.MEMORY, Thresholds.Threshold.amount(64L << 20)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memory.available",
        "memory<1Mi",
        "memory.available<much",
        "memory.available<-1",
        "memory.available<100%",
        "memory.available<"
      })
  void whatIsWrittenWronglyIsRefused(String text) {
    assertThatThrownBy(() -> EvictionRules.DEFAULTS.endingBelow(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
