package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.cycle.Decision;
import dev.shiplog.scheduler.cycle.SchedulingCycle;
import dev.shiplog.scheduler.model.Cluster;
import org.junit.jupiter.api.Test;

class DynamicResourcesTest {

  private final Cluster cluster = new Cluster();

  @Test
  void aPodWhoseDevicesNobodyAllocatesWaitsAndIsToldWhy() {
    cluster.putNode(node("n"));
    SchedulingCycle cycle = new SchedulingCycle(DefaultProfile.create(), cluster, () -> 0);
    Decision decision =
        cycle.decide(pod("p", "{resourceClaims: [{name: 'gpu', resourceClaimName: 'c'}]}"));
    assertThat(((Decision.Unschedulable) decision).diagnosis().message())
        .isEqualTo(
            "0/1 nodes are available: pod uses ResourceClaims, and this scheduler does not"
                + " allocate devices to them.");
  }

  @Test
  void otherPodsAreNotAsked() {
    assertThat(new DynamicResources().preFilter(pod("p"), cluster)).isEmpty();
  }
}
