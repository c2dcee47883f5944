package dev.shiplog.api.schema.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.topics.record.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ProtobufBodyTest {

  private final ProtobufBody bodies =
      new ProtobufBody(ResourceCatalogue::builtIn, TypeCatalogue.builtIn());

  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  @Test
  void aConfigMapHasItsMapAndItsName() throws IOException {
    JsonNode map =
        json(
            "v1",
            "ConfigMap",
            out -> {
              message(out, 1, meta -> meta.writeString(1, "settings"));
              message(
                  out,
                  2,
                  entry -> {
                    entry.writeString(1, "colour");
                    entry.writeString(2, "blue");
                  });
            });
    assertThat(map)
        .isEqualTo(
            Json.MAPPER.readTree(
                """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},
                 "data":{"colour":"blue"}}\
                """));
  }

  @Test
  void aDeploymentHasItsNestedListsQuantitiesAndIntOrStrings() throws IOException {
    JsonNode deployment =
        json(
            "apps/v1",
            "Deployment",
            out ->
                message(
                    out,
                    2,
                    spec -> {
                      spec.writeInt32(1, 0);
                      message(spec, 3, template -> message(template, 2, this::podSpec));
                      message(
                          spec,
                          4,
                          strategy ->
                              message(
                                  strategy,
                                  2,
                                  rolling ->
                                      message(
                                          rolling,
                                          1,
                                          percent -> {
                                            percent.writeInt64(1, 1);
                                            percent.writeString(3, "25%");
                                          })));
                    }));
    assertThat(deployment.at("/spec/replicas").isNumber()).isTrue();
    JsonNode container = deployment.at("/spec/template/spec/containers/0");
    assertThat(container.at("/image").asText()).isEqualTo("busybox");
    assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("64Mi");
    assertThat(container.at("/command").toString()).isEqualTo("[\"sh\",\"-c\"]");
    assertThat(container.has("stdin")).isFalse();
    assertThat(deployment.at("/spec/strategy/rollingUpdate/maxUnavailable").asText())
        .isEqualTo("25%");
  }

  @Test
  void anIntOrStringOfZeroIsNoneThatIsUnset() throws IOException {
    JsonNode budget =
        json(
            "policy/v1",
            "PodDisruptionBudget",
            out ->
                message(
                    out,
                    2,
                    spec ->
                        message(
                            spec,
                            3,
                            most -> {
                              most.writeInt64(1, 0);
                              most.writeInt32(2, 0);
                              most.writeString(3, "");
                            })));
    assertThat(budget.at("/spec/maxUnavailable").toString()).isEqualTo("0");
  }

  @Test
  void anUnsetTimeIsLeftOutAndASetOneIsRfc3339() throws IOException {
    JsonNode map =
        json(
            "v1",
            "ConfigMap",
            out ->
                message(
                    out,
                    1,
                    meta -> {
                      message(meta, 8, unset -> {});
                      message(meta, 9, time -> time.writeInt64(1, 1_767_225_600));
                    }));
    assertThat(map.at("/metadata").has("creationTimestamp")).isFalse();
    assertThat(map.at("/metadata/deletionTimestamp").asText()).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void bytesBecomeBase64() throws IOException {
    JsonNode secret =
        json(
            "v1",
            "Secret",
            out ->
                message(
                    out,
                    2,
                    entry -> {
                      entry.writeString(1, "password");
                      entry.writeBytes(2, ByteString.copyFromUtf8("s3cret"));
                    }));
    assertThat(secret.at("/data/password").asText()).isEqualTo("czNjcmV0");
  }

  @Test
  void aVolumesSourceIsPartOfTheVolume() throws IOException {
    JsonNode pod =
        json(
            "v1",
            "Pod",
            out ->
                message(
                    out,
                    2,
                    spec ->
                        message(
                            spec,
                            1,
                            volume -> {
                              volume.writeString(1, "page");
                              message(
                                  volume,
                                  2,
                                  source -> message(source, 1, path -> path.writeString(1, "/x")));
                            })));
    assertThat(pod.at("/spec/volumes/0/hostPath/path").asText()).isEqualTo("/x");
  }

  @Test
  void kindsThatAreNoResourceAreKnownToo() throws IOException {
    JsonNode options = json("v1", "DeleteOptions", out -> out.writeInt64(1, 0));
    assertThat(options.at("/gracePeriodSeconds").isNumber()).isTrue();
  }

  @Test
  void whatIsNoProtobufIsABadRequest() {
    assertThatThrownBy(() -> bodies.toJson("{\"kind\":1}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("protobuf");
    byte[] cutOff = {'k', '8', 's', 0, 10, 50, 1};
    assertThatThrownBy(() -> bodies.toJson(cutOff))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("no valid protobuf");
  }

  @Test
  void anUnknownKindIsABadRequest() {
    assertThatThrownBy(() -> json("apps/v1", "Deploymint", out -> {}))
        .isInstanceOf(ApiFailure.class)
        .hasMessage("no kind \"Deploymint\" is registered for version \"apps/v1\"");
  }

  private void podSpec(CodedOutputStream spec) throws IOException {
    message(
        spec,
        2,
        container -> {
          container.writeString(1, "c");
          container.writeString(2, "busybox");
          container.writeString(3, "sh");
          container.writeString(3, "-c");
          container.writeBool(16, false);
          message(
              container,
              8,
              resources ->
                  message(
                      resources,
                      1,
                      entry -> {
                        entry.writeString(1, "memory");
                        message(entry, 2, quantity -> quantity.writeString(1, "64Mi"));
                      }));
        });
  }

  private JsonNode json(String apiVersion, String kind, Fields object) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {'k', '8', 's', 0});
    body.writeBytes(
        bytes(envelope -> {
          message(
              envelope,
              1,
              meta -> {
                meta.writeString(1, apiVersion);
                meta.writeString(2, kind);
              });
          message(envelope, 2, object);
        }));
    return Json.MAPPER.readTree(bodies.toJson(body.toByteArray()));
  }

  private static void message(CodedOutputStream out, int number, Fields fields) throws IOException {
    out.writeByteArray(number, bytes(fields));
  }

  private static byte[] bytes(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }
}
