package dev.shiplog.agent.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QosClassTest {

  private static final Map<String, Quantity> SOME =
      Map.of("cpu", new Quantity("500m"), "memory", new Quantity("64Mi"));

  @Test
  void aPodThatAsksForNothingGetsBestEffort() {
    assertThat(QosClass.of(pod(container(Map.of(), Map.of())))).isEqualTo(QosClass.BEST_EFFORT);
  }

  @Test
  void aPodWhoseLimitsAreItsRequestsIsGuaranteed() {
    assertThat(QosClass.of(pod(container(SOME, SOME)))).isEqualTo(QosClass.GUARANTEED);
  }

  @Test
  void limitsAloneAreRequestsToo() {
    assertThat(QosClass.of(pod(container(Map.of(), SOME)))).isEqualTo(QosClass.GUARANTEED);
  }

  @Test
  void equalAmountsInOtherUnitsAreEqual() {
    Map<String, Quantity> other =
        Map.of("cpu", new Quantity("0.5"), "memory", new Quantity("65536Ki"));

    assertThat(QosClass.of(pod(container(other, SOME)))).isEqualTo(QosClass.GUARANTEED);
  }

  @Test
  void oneContainerWithoutLimitsMakesThePodBurstable() {
    Pod pod = pod(container(SOME, SOME), container(Map.of(), Map.of()));

    assertThat(QosClass.of(pod)).isEqualTo(QosClass.BURSTABLE);
  }

  @Test
  void aLimitOnOneResourceAloneMakesThePodBurstable() {
    Pod pod = pod(container(Map.of(), Map.of("cpu", new Quantity("1"))));

    assertThat(QosClass.of(pod)).isEqualTo(QosClass.BURSTABLE);
  }

  private static Container container(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    return new ContainerBuilder()
        .withName("c")
        .withNewResources()
        .withRequests(requests)
        .withLimits(limits)
        .endResources()
        .build();
  }

  private static Pod pod(Container... containers) {
    return new PodBuilder().withNewSpec().withContainers(containers).endSpec().build();
  }
}
