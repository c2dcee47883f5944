package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.plugins.Asking.score;
import static dev.shiplog.scheduler.plugins.Asking.verdict;
import static dev.shiplog.scheduler.testing.Objects.boundPod;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeResourcesFitTest {

  private final NodeResourcesFit plugin = new NodeResourcesFit();

  private static Node nodeWith(String allocatable) {
    return node("n", "{status: {allocatable: " + allocatable + "}}");
  }

  private static Pod asking(String requests) {
    return pod("a", "{containers: [{resources: {requests: " + requests + "}}]}");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1Gi, true",
    "3, 12Gi, true",
    "3001m, 1Gi, false",
    "1, 12884901889, false",
    "0, 0, true",
  })
  void whatIsLeftMustBeEnough(String cpu, String memory, boolean passes) {
    assertThat(
            verdict(plugin, pod("a", cpu, memory), node("n"), boundPod("b", "n", "1", "4Gi"))
                .passes())
        .isEqualTo(passes);
  }

  @Test
  void everythingThatIsShortIsNamed() {
    Node node =
        nodeWith("{cpu: '1', memory: '1Gi', pods: '1', 'ephemeral-storage': '1', 'x.io/gpu': '1'}");
    Verdict verdict =
        verdict(
            plugin,
            asking("{cpu: '1', memory: '1Gi', 'ephemeral-storage': '1', 'x.io/gpu': '1'}"),
            node,
            pod(
                "b",
                """
                {nodeName: 'n', containers: [{resources: {requests:
                  {cpu: '1', memory: '1Gi', 'ephemeral-storage': '1', 'x.io/gpu': '1'}}}]}
                """));
    assertThat(verdict)
        .isEqualTo(
            Verdict.unschedulable(
                "Too many pods",
                "Insufficient cpu",
                "Insufficient memory",
                "Insufficient ephemeral-storage",
                "Insufficient x.io/gpu"));
  }

  @Test
  void askingForMoreThanTheNodeHasCannotBeHelpedByOtherPodsGoing() {
    assertThat(verdict(plugin, asking("{cpu: '5'}"), node("n")))
        .isEqualTo(Verdict.unresolvable("Insufficient cpu"));
    assertThat(verdict(plugin, asking("{'x.io/gpu': '1'}"), node("n")))
        .isEqualTo(Verdict.unresolvable("Insufficient x.io/gpu"));
  }

  @Test
  void anExtendedResourceIsCountedInUnits() {
    Node node = nodeWith("{'x.io/gpu': '3'}");
    Pod taking2 =
        pod("b", "{nodeName: 'n', containers: [{resources: {requests: {'x.io/gpu': '2'}}}]}");
    assertThat(verdict(plugin, asking("{'x.io/gpu': '1'}"), node, taking2).passes()).isTrue();
    assertThat(verdict(plugin, asking("{'x.io/gpu': '2'}"), node, taking2).passes()).isFalse();
  }

  @Test
  void aPodThatAsksForNothingFitsAnOvercommittedNodeButCountsAsAPod() {
    Node small = nodeWith("{cpu: '1', memory: '1Gi', pods: '2'}");
    Pod large = boundPod("b", "n", "2", "2Gi");
    assertThat(verdict(plugin, pod("a"), small, large).passes()).isTrue();
    assertThat(verdict(plugin, pod("a"), small, large, boundPod("c", "n", "0", "0")))
        .isEqualTo(Verdict.unschedulable("Too many pods"));
  }

  @Test
  void aNodeThatDoesNotSayWhatItHasTakesNothing() {
    Node silent = node("n", "{status: {allocatable: {cpu: '0', memory: '0', pods: '0'}}}");
    assertThat(verdict(plugin, pod("a"), silent).reasons()).containsExactly("Too many pods");
  }

  @ParameterizedTest
  @CsvSource({
    // Of 4 cores and 16 GiB: free shares (75 + 75) / 2, (50 + 100 - 1) / 2, (0 + 50) / 2.
    "1, 4Gi, 75",
    "2, 1, 74",
    "4, 8Gi, 25",
  })
  void theLessIsTakenTheHigherTheScore(String cpu, String memory, long expected) {
    assertThat(score(plugin, pod("a", cpu, memory), node("n"))).isEqualTo(expected);
  }

  @Test
  void podsAlreadyThereLowerTheScore() {
    assertThat(score(plugin, pod("a", "1", "4Gi"), node("n"), boundPod("b", "n", "1", "4Gi")))
        .isEqualTo(50);
  }

  @Test
  void podsThatAskForNothingAreScoredAsIfTheyDid() {
    Pod nothing = pod("a", "{containers: [{}]}");
    long empty = score(plugin, nothing, node("n", "{status: {allocatable: {memory: '2000Mi'}}}"));
    assertThat(empty).isEqualTo((97 + 90) / 2);
  }

  @Test
  void aResourceTheNodeLacksIsLeftOutOfTheScore() {
    Node cpuOnly = node("n", "{status: {allocatable: {cpu: '4', memory: '0'}}}");
    assertThat(score(plugin, pod("a", "1", "0"), cpuOnly)).isEqualTo(75);
  }
}
