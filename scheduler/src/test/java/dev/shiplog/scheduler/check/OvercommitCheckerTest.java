package dev.shiplog.scheduler.check;

import static dev.shiplog.scheduler.testing.Objects.boundPod;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.scheduler.model.Pod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node n has 4 cores, 16 GiB and room for 110 pods. */
class OvercommitCheckerTest {

  private final OvercommitChecker checker = new OvercommitChecker();
  private long revision;

  @BeforeEach
  void aNode() {
    checker.node(++revision, "n", node("n"));
  }

  private void see(Pod pod) {
    checker.pod(++revision, pod.key(), pod);
  }

  @Test
  void aNodeFilledToTheBrimHoldsNotTooMuch() {
    see(boundPod("a", "n", "3", "8Gi"));
    see(boundPod("b", "n", "1", "8Gi"));
    assertThat(checker.findings()).isEmpty();
    assertThat(checker.arrivals()).isEqualTo(2);
  }

  @Test
  void thePodThatIsTooMuchIsNamedWithItsRevision() {
    see(boundPod("a", "n", "3", "8Gi"));
    see(boundPod("b", "n", "1500m", "9Gi"));
    assertThat(checker.findings())
        .singleElement()
        .hasToString(
            "at revision 3 pod default/b came to node n, which held too much then: cpu: 4500m of"
                + " 4000m, memory: 18253611008 of 17179869184");
  }

  @Test
  void tooMuchForAMomentIsFoundToo() {
    see(boundPod("a", "n", "3", "1Gi"));
    see(boundPod("b", "n", "3", "1Gi"));
    checker.pod(++revision, "default/a", null);
    see(boundPod("c", "n", "1", "1Gi"));
    assertThat(checker.findings()).extracting(f -> f.pod()).containsExactly("default/b");
  }

  @Test
  void onePodMoreThanANodeTakesIsFound() {
    checker.node(++revision, "n", node("n", "{status: {allocatable: {pods: '1'}}}"));
    see(boundPod("a", "n", "0", "0"));
    see(boundPod("b", "n", "0", "0"));
    assertThat(checker.findings().getFirst().exceeded()).containsExactly("pods: 2 of 1");
  }

  @Test
  void anExtendedResourceIsCounted() {
    checker.node(++revision, "n", node("n", "{status: {allocatable: {'example.com/gpu': '1'}}}"));
    String twoGpus =
        "{nodeName: 'n', containers: [{resources: {requests: {'example.com/gpu': '2'}}}]}";
    see(pod("a", twoGpus));
    assertThat(checker.findings().getFirst().exceeded()).containsExactly("example.com/gpu: 2 of 1");
  }

  @Test
  void whatHasEndedTakesNothing() {
    see(boundPod("a", "n", "3", "1Gi"));
    see(
        podOf(
            "a",
            """
            {spec: {nodeName: 'n', containers: [{resources: {requests: {cpu: '3'}}}]},
             status: {phase: 'Succeeded'}}
            """));
    see(boundPod("b", "n", "4", "1Gi"));
    assertThat(checker.findings()).isEmpty();
  }

  @Test
  void aNodeThatShrinksIsNobodysFaultButAPodThatComesThenIs() {
    see(boundPod("a", "n", "3", "1Gi"));
    checker.node(++revision, "n", node("n", "{status: {allocatable: {cpu: '2'}}}"));
    see(boundPod("a", "n", "3", "1Gi"));
    assertThat(checker.findings()).isEmpty();
    see(boundPod("b", "n", "1", "1Gi"));
    assertThat(checker.findings()).extracting(f -> f.pod()).containsExactly("default/b");
  }

  /** Nobody refuses it, and it makes nothing worse. */
  @Test
  void aPodThatTakesNothingOfWhatIsTooLittleIsNoFinding() {
    see(boundPod("a", "n", "3", "1Gi"));
    checker.node(++revision, "n", node("n", "{status: {allocatable: {cpu: '2'}}}"));
    see(boundPod("b", "n", "0", "1Gi"));
    assertThat(checker.findings()).isEmpty();
  }

  @Test
  void aPodThatGrowsBeyondItsNodeIsFound() {
    see(boundPod("a", "n", "3", "1Gi"));
    see(boundPod("a", "n", "5", "1Gi"));
    assertThat(checker.findings()).hasSize(1);
  }

  @Test
  void revisionsThatGoBackAreRefused() {
    see(boundPod("a", "n", "3", "1Gi"));
    assertThatThrownBy(() -> checker.node(1, "n", null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
