package dev.shiplog.scheduler.model;

import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadsTest {

  private final Workloads workloads = new Workloads();
  private final Pod pod =
      podOf(
          "a",
          """
          {metadata: {labels: {app: 'web', tier: 'front', hash: '1'},
            ownerReferences: [{kind: 'Other', name: 'x'},
                              {kind: 'ReplicaSet', name: 'web', controller: true}]}}
          """);

  @Test
  void aPodWithoutServiceAndOwnerIsNotSpread() {
    workloads.putService("default", "other", Map.of("app", "db"));
    workloads.putService("elsewhere", "web", Map.of("app", "web"));
    workloads.putService("default", "headless", Map.of());
    assertThat(workloads.selectorOf(pod).isEverything()).isTrue();
  }

  @Test
  void theSelectorsOfAllItsServicesAndItsControllerMustMatch() {
    workloads.putService("default", "web", Map.of("app", "web"));
    workloads.putService("default", "front", Map.of("tier", "front"));
    workloads.putOwner(
        "ReplicaSet", "default", "web", LabelSelector.of(Map.of("hash", "1", "app", "web")));
    assertThat(workloads.selectorOf(pod).requirements())
        .containsExactlyInAnyOrder(
            Requirement.equal("app", "web"),
            Requirement.equal("tier", "front"),
            Requirement.equal("hash", "1"));
  }

  @Test
  void whatIsRemovedOrChangedNoLongerCounts() {
    workloads.putService("default", "web", Map.of("app", "web"));
    workloads.putService("default", "web", Map.of("app", "other"));
    workloads.putService("default", "front", Map.of("tier", "front"));
    workloads.removeService("default", "front");
    workloads.putOwner("ReplicaSet", "default", "web", LabelSelector.of(Map.of("hash", "1")));
    workloads.removeOwner("ReplicaSet", "default", "web");
    assertThat(workloads.selectorOf(pod).isEverything()).isTrue();
  }
}
