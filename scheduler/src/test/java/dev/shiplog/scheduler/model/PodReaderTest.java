package dev.shiplog.scheduler.model;

import static dev.shiplog.scheduler.testing.Objects.json;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodReaderTest {

  @Test
  void containersAddUp() {
    Pod pod =
        pod(
            "a",
            """
            {containers: [
              {resources: {requests: {cpu: '100m', memory: '1Gi', 'example.com/gpu': '1'}}},
              {resources: {requests: {cpu: '200m', 'ephemeral-storage': '2Ki'}}}]}
            """);
    assertThat(pod.shape().requests())
        .isEqualTo(new Resources(300, 1L << 30, 2048, Map.of("example.com/gpu", 1L)));
  }

  @Test
  void theLargestInitContainerCountsIfItIsMoreThanTheContainers() {
    Pod pod =
        pod(
            "a",
            """
            {initContainers: [
               {resources: {requests: {cpu: '300m', memory: '1Mi'}}},
               {resources: {requests: {cpu: '500m'}}}],
             containers: [{resources: {requests: {cpu: '400m', memory: '2Mi'}}}]}
            """);
    assertThat(pod.shape().requests()).isEqualTo(Resources.of(500, 2L << 20));
  }

  @Test
  void aSidecarAddsToTheContainersAndToTheInitContainersAfterIt() {
    Pod pod =
        pod(
            "a",
            """
            {initContainers: [
               {resources: {requests: {cpu: '600m'}}},
               {restartPolicy: 'Always', resources: {requests: {cpu: '100m'}}},
               {resources: {requests: {cpu: '550m'}}}],
             containers: [{resources: {requests: {cpu: '200m'}}}]}
            """);
    assertThat(pod.shape().requests().cpuMilli()).isEqualTo(650);
  }

  @Test
  void theOverheadComesOnTop() {
    Pod pod =
        pod(
            "a",
            """
            {overhead: {cpu: '50m', memory: '10'},
             containers: [{resources: {requests: {cpu: '200m'}}}]}
            """);
    assertThat(pod.shape().requests()).isEqualTo(Resources.of(250, 10));
  }

  @Test
  void requestsOfThePodReplaceThoseOfItsContainers() {
    Pod pod =
        pod(
            "a",
            """
            {resources: {requests: {cpu: '1'}},
             containers: [{resources: {requests: {cpu: '200m', memory: '5'}}}]}
            """);
    assertThat(pod.shape().requests()).isEqualTo(Resources.of(1000, 5));
  }

  @Test
  void aLimitWithoutARequestIsTheRequest() {
    Pod pod =
        pod(
            "a",
            """
            {containers: [{resources: {limits: {cpu: '1', memory: '10'}, requests: {cpu: '10m'}}}]}
            """);
    assertThat(pod.shape().requests()).isEqualTo(Resources.of(10, 10));
  }

  @Test
  void aContainerThatAsksForNothingIsScoredAsIfItDid() {
    Pod pod = pod("a", "{containers: [{}, {resources: {requests: {cpu: '0', memory: '7'}}}]}");
    assertThat(pod.shape().requests()).isEqualTo(Resources.of(0, 7));
    assertThat(pod.shape().scoredCpuMilli()).isEqualTo(100);
    assertThat(pod.shape().scoredMemoryBytes()).isEqualTo((200L << 20) + 7);
  }

  @Test
  void hostPortsOfContainersAndSidecarsCount() {
    Pod pod =
        pod(
            "a",
            """
            {initContainers: [{ports: [{hostPort: 1}]},
                              {restartPolicy: 'Always', ports: [{hostPort: 2, protocol: 'UDP'}]}],
             containers: [{ports: [{containerPort: 80}, {hostPort: 3, hostIP: '10.0.0.1'}]}]}
            """);
    assertThat(pod.shape().hostPorts())
        .containsExactlyInAnyOrder(
            new HostPort("UDP", HostPort.EVERY_ADDRESS, 2), new HostPort("TCP", "10.0.0.1", 3));
  }

  @Test
  void aPodThatHasEndedTakesNothingAndIsNotPending() {
    assertThat(List.of("Succeeded", "Failed"))
        .allSatisfy(phase -> {
          Pod pod = podOf("a", "{status: {phase: '" + phase + "'}}");
          assertThat(pod.finished()).isTrue();
          assertThat(pod.isPending()).isFalse();
        });
  }

  @Test
  void thePodScheduledConditionSaysWhyItWaits() {
    Pod pod =
        podOf(
            "a",
            """
            {status: {conditions: [
               {type: 'Ready', status: 'False', reason: 'x'},
               {type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'm',
                lastTransitionTime: '2026-01-01T00:00:00Z'}]}}
            """);
    assertThat(pod.waiting())
        .isEqualTo(new Pod.Waiting("Unschedulable", "m", "2026-01-01T00:00:00Z"));
  }

  @Test
  void matchLabelKeysNarrowTheSelectorOfASpreadConstraint() {
    Pod pod =
        podOf(
            "a",
            """
            {metadata: {labels: {app: 'web', revision: '7'}},
             spec: {topologySpreadConstraints: [
               {topologyKey: 'zone', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule',
                labelSelector: {matchLabels: {app: 'web'}},
                matchLabelKeys: ['revision', 'missing']}]}}
            """);
    assertThat(pod.spread())
        .containsExactly(
            new SpreadConstraint(
                "zone",
                1,
                true,
                LabelSelector.of(Map.of("app", "web", "revision", "7")),
                1,
                true,
                false));
  }

  @Test
  void aConstraintWithoutSelectorCountsNoPod() {
    assertThat(Fields.labelSelector(json("null")).matches(Map.of())).isFalse();
    assertThat(Fields.labelSelector(json("{}")).matches(Map.of())).isTrue();
  }

  @Test
  void whatNoValidPodHoldsIsRefusedWithWhatItIs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pod("a", "much", "1"))
        .withMessage("not a quantity: 'much'");
  }
}
