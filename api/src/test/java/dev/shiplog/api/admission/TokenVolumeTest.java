package dev.shiplog.api.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TokenVolumeTest {

  @Test
  void everyContainerFindsItWhereClientsLook() {
    ObjectNode spec =
        added("{\"containers\":[{\"name\":\"a\"}],\"initContainers\":[{\"name\":\"b\"}]}");

    for (String container : new String[] {"/containers/0", "/initContainers/0"}) {
      JsonNode mount = spec.at(container + "/volumeMounts/0");
      assertThat(mount.path("name").asText()).isEqualTo("kube-api-access-bbbbb");
      assertThat(mount.path("mountPath").asText())
          .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
      assertThat(mount.path("readOnly").asBoolean()).isTrue();
    }
    assertThat(spec.at("/volumes")).hasSize(1);
    assertThat(spec.at("/volumes/0/projected/sources").findValuesAsText("path"))
        .containsExactly("token", "ca.crt", "namespace");
  }

  @Test
  void aContainerThatHasSomethingThereKeepsIt() {
    String own =
        "{\"name\":\"mine\",\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\"}";

    ObjectNode spec = added("{\"containers\":[{\"name\":\"a\",\"volumeMounts\":[" + own + "]}]}");

    assertThat(spec.at("/containers/0/volumeMounts")).hasSize(1);
    assertThat(spec.has("volumes")).isFalse();
  }

  @Test
  void thePodsOwnVolumesStay() {
    ObjectNode spec =
        added("{\"containers\":[{\"name\":\"a\"}],\"volumes\":[{\"name\":\"cache\"}]}");

    assertThat(spec.at("/volumes").findValuesAsText("name"))
        .startsWith("cache", "kube-api-access-bbbbb");
  }

  private static ObjectNode added(String spec) {
    ObjectNode read = Json.read(spec.getBytes(StandardCharsets.UTF_8), ObjectNode.class);
    TokenVolume.add(read, bound -> 0);
    return read;
  }
}
