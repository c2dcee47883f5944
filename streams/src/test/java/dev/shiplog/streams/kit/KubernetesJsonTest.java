package dev.shiplog.streams.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class KubernetesJsonTest {

  @Test
  void fieldsThatTheClassDoesNotKnowSurvive() {
    Pod pod =
        KubernetesJson.read(
            bytes("{\"metadata\":{\"name\":\"p\"},\"spec\":{\"newField\":{\"deep\":[1]}}}"),
            Pod.class);

    assertThat(KubernetesJson.tree(pod).at("/spec/newField/deep/0").asInt()).isEqualTo(1);
  }

  @Test
  void emptyObjectsSurvive() {
    Pod pod =
        KubernetesJson.read(
            bytes("{\"spec\":{\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]}}"), Pod.class);

    assertThat(KubernetesJson.tree(pod).at("/spec/volumes/0/emptyDir").isObject()).isTrue();
  }

  @Test
  void aLeasesRenewTimeIsReadToTheMicrosecond() {
    Lease lease =
        KubernetesJson.read(
            bytes("{\"spec\":{\"renewTime\":\"2026-01-02T03:04:05.678901Z\"}}"), Lease.class);

    assertThat(lease.getSpec().getRenewTime())
        .isEqualTo(ZonedDateTime.parse("2026-01-02T03:04:05.678901Z"));
  }

  @Test
  void metadataOnlyKeepsNothingElse() {
    MetadataOnly secret =
        KubernetesJson.read(
            bytes("{\"kind\":\"Secret\",\"metadata\":{\"uid\":\"u\"},\"data\":{\"k\":\"v\"}}"),
            MetadataOnly.class);

    assertThat(secret.getMetadata().getUid()).isEqualTo("u");
    assertThat(KubernetesJson.tree(secret).has("data")).isFalse();
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
