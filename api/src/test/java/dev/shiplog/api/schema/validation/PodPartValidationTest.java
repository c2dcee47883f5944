package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.validation.ValidationFixtures.updated;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What may change of a pod through its subresources. */
class PodPartValidationTest {

  private static String pod(String resources) {
    return "{spec: {containers: [{name: c, image: i, resources: %s}]}}".formatted(resources);
  }

  private static List<String> resized(String before, String after) {
    return updated("v1/pods", "resize", pod(before), pod(after));
  }

  @Test
  void processorAndMemoryMayChange() {
    assertThat(
            resized(
                "{requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2}}",
                "{requests: {cpu: 2, memory: 2Gi}, limits: {cpu: 3}}"))
        .isEmpty();
  }

  @Test
  void otherResourcesMayNot() {
    assertThat(
            resized(
                "{requests: {cpu: 1}, limits: {cpu: 2, ephemeral-storage: 1Gi}}",
                "{requests: {cpu: 1}, limits: {cpu: 2, ephemeral-storage: 2Gi}}"))
        .contains(
            "spec.containers[0].resources.limits: Forbidden: only cpu and memory resources are"
                + " mutable");
  }

  @Test
  void aRequestMayNotGo() {
    assertThat(resized("{requests: {cpu: 1, memory: 1Gi}}", "{requests: {cpu: 1}}"))
        .containsExactly(
            "spec.containers[0].resources.requests: Forbidden: resource requests cannot be"
                + " removed");
  }

  @Test
  void theClassOfServiceMayNotChange() {
    assertThat(
            resized(
                "{requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}",
                "{requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2, memory: 1Gi}}"))
        .containsExactly(
            "spec: Invalid value: \"Burstable\": Pod QOS Class may not change as a result of"
                + " resizing");
  }

  @Test
  void containersForDebuggingMayBeAdded() {
    assertThat(
            updated(
                "v1/pods",
                "ephemeralcontainers",
                "{spec: {containers: [{name: c, image: i}]}}",
                "{spec: {containers: [{name: c, image: i}], ephemeralContainers: [{name: d, image:"
                    + " i}]}}"))
        .isEmpty();
  }

  @Test
  void containersForDebuggingStayAsTheyAre() {
    assertThat(
            updated(
                "v1/pods",
                "ephemeralcontainers",
                "{spec: {containers: [{name: c, image: i}], ephemeralContainers: [{name: d, image:"
                    + " i}]}}",
                "{spec: {containers: [{name: c, image: i}]}}"))
        .containsExactly(
            "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d\" may not be"
                + " removed or changed");
  }

  @Test
  void neitherMayChangeWithoutItsSubresource() {
    assertThat(updated("v1/pods", pod("{requests: {cpu: 1}}"), pod("{requests: {cpu: 2}}")))
        .isNotEmpty();
  }
}
