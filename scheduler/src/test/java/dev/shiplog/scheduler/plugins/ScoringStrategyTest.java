package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.testing.Objects.boundPod;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.plugins.ScoringStrategy.Point;
import dev.shiplog.scheduler.plugins.ScoringStrategy.Preference;
import dev.shiplog.scheduler.testing.Clusters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes have 4 cores, 16 GiB and 8 GPUs; one core and 8 GiB are taken. */
class ScoringStrategyTest {

  private static final List<Point> RISING = List.of(new Point(0, 0), new Point(100, 10));
  private static final List<Point> PEAK =
      List.of(new Point(0, 0), new Point(50, 10), new Point(100, 0));

  private static long score(ScoringStrategy strategy, Pod pod) {
    return strategy.score(
        pod.shape(),
        Clusters.nodeWith(
            node(
                "n",
                """
                {status: {allocatable:
                  {cpu: '4', memory: '16Gi', pods: '110', 'example.com/gpu': '8'}}}
                """),
            boundPod("other", "n", "1", "8Gi")));
  }

  @ParameterizedTest
  @CsvSource({
    // One core of four and half the memory is taken; the pod takes one core and nothing.
    "LEAST_ALLOCATED, 1, 1, 50",
    "MOST_ALLOCATED, 1, 1, 50",
    "LEAST_ALLOCATED, 3, 1, 50",
    "MOST_ALLOCATED, 1, 0, 50",
  })
  void resourcesCountByTheirWeights(Preference preference, int cpu, int memory, long expected) {
    Map<String, Integer> weights =
        memory == 0 ? Map.of("cpu", cpu) : Map.of("cpu", cpu, "memory", memory);
    assertThat(score(new ScoringStrategy(preference, weights, List.of()), pod("p", "1", "0")))
        .isEqualTo(expected);
  }

  @Test
  void mostAllocatedPrefersWhatIsFull() {
    ScoringStrategy most =
        new ScoringStrategy(Preference.MOST_ALLOCATED, Map.of("cpu", 1), List.of());
    assertThat(score(most, pod("p", "3", "0"))).isEqualTo(100);
    assertThat(score(most, pod("p", "0", "0"))).isEqualTo(25);
  }

  @Test
  void aRatioIsScoredByTheLineBetweenItsPoints() {
    assertThat(score(ratio(RISING), pod("p", "2", "0"))).isEqualTo(75);
    assertThat(score(ratio(PEAK), pod("p", "1", "0"))).isEqualTo(100);
    assertThat(score(ratio(PEAK), pod("p", "2", "0"))).isEqualTo(50);
    assertThat(score(ratio(PEAK), pod("p", "9", "0"))).isZero();
  }

  private static ScoringStrategy ratio(List<Point> shape) {
    return new ScoringStrategy(Preference.REQUESTED_TO_CAPACITY_RATIO, Map.of("cpu", 1), shape);
  }

  @Test
  void anExtendedResourceCountsOnlyForPodsThatAskForIt() {
    ScoringStrategy least =
        new ScoringStrategy(
            Preference.LEAST_ALLOCATED, Map.of("cpu", 1, "example.com/gpu", 1), List.of());
    Pod withGpus =
        pod("p", "{containers: [{resources: {requests: {cpu: '1', 'example.com/gpu': '8'}}}]}");
    assertThat(score(least, pod("p", "1", "0"))).isEqualTo(50);
    assertThat(score(least, withGpus)).isEqualTo(25);
  }

  @Test
  void balanceCountsAllResourcesThatAreGiven() {
    NodeResourcesBalancedAllocation plugin =
        new NodeResourcesBalancedAllocation(List.of("cpu", "memory", "example.com/gpu"));
    Pod pod = pod("p", "{containers: [{resources: {requests: {'example.com/gpu': '8'}}}]}");
    // Shares 0, 0 and 1.
    assertThat(
            Asking.score(
                plugin,
                pod,
                node(
                    "n",
                    "{status: {allocatable: "
                        + "{cpu: '4', memory: '16Gi', 'example.com/gpu': '8'}}}")))
        .isEqualTo(52);
  }
}
