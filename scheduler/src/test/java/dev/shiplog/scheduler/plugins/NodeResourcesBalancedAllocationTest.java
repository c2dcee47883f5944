package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.plugins.Asking.score;
import static dev.shiplog.scheduler.testing.Objects.boundPod;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeResourcesBalancedAllocationTest {

  private final NodeResourcesBalancedAllocation plugin = new NodeResourcesBalancedAllocation();

  @ParameterizedTest
  @CsvSource({
    // Of 4 cores and 16 GiB.
    "1, 4Gi, 100",
    "4, 0, 50",
    "2, 4Gi, 87",
  })
  void equalSharesScoreHighest(String cpu, String memory, long expected) {
    assertThat(score(plugin, pod("a", cpu, memory), node("n"))).isEqualTo(expected);
  }

  @Test
  void whatIsThereAlreadyIsPartOfTheBalance() {
    assertThat(score(plugin, pod("a", "2", "0"), node("n"), boundPod("b", "n", "0", "8Gi")))
        .isEqualTo(100);
  }

  @Test
  void aPodThatAsksForNothingIsNotScored() {
    assertThat(plugin.preScore(pod("a", "{containers: [{}]}").shape())).isEmpty();
  }
}
