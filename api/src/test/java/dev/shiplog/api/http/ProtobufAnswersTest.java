package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.kubernetes.client.proto.Meta.PartialObjectMetadata;
import io.kubernetes.client.proto.Meta.Status;
import io.kubernetes.client.proto.Meta.WatchEvent;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.kubernetes.client.proto.V1.ConfigMap;
import io.kubernetes.client.proto.V1.ConfigMapList;
import io.kubernetes.client.proto.V1Apps.Deployment;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers in protobuf, read with the message classes that Kubernetes publishes. */
@QuarkusTest
class ProtobufAnswersTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

  @TestHTTPResource("/")
  URI server;

  private final HttpClient client = HttpClient.newHttpClient();
  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  private HttpResponse<byte[]> get(String path, String accept) {
    try {
      return client.send(request(path, accept), BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest request(String path, String accept) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + server.getPort() + path))
        .header("Authorization", "Bearer admin-token")
        .header("Accept", accept)
        .build();
  }

  private static Unknown envelope(byte[] body) throws InvalidProtocolBufferException {
    assertThat(Arrays.copyOf(body, 4)).isEqualTo(new byte[] {'k', '8', 's', 0});
    return Unknown.parseFrom(Arrays.copyOfRange(body, 4, body.length));
  }

  private void createMap(String name) {
    http.post(
        MAPS,
        "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"in\":\"%s\"}},\"data\":{\"k\":\"v\"},\"binaryData\":{\"b\":\"AAEC\"}}"
            .formatted(name, name));
  }

  @Test
  void anObjectComesInItsEnvelope() throws IOException {
    createMap("proto-one");

    HttpResponse<byte[]> reply = get(MAPS + "/proto-one", PROTOBUF);

    assertThat(reply.headers().firstValue("Content-Type")).hasValue(PROTOBUF);
    Unknown envelope = envelope(reply.body());
    assertThat(envelope.getTypeMeta().getKind()).isEqualTo("ConfigMap");
    ConfigMap map = ConfigMap.parseFrom(envelope.getRaw());
    assertThat(map.getMetadata().getName()).isEqualTo("proto-one");
    assertThat(map.getMetadata().getCreationTimestamp().getSeconds()).isPositive();
    assertThat(map.getDataMap()).containsEntry("k", "v");
    assertThat(map.getBinaryDataMap().get("b").toByteArray()).isEqualTo(new byte[] {0, 1, 2});
  }

  @Test
  void nestedFieldsQuantitiesAndIntOrStringsHaveTheirMessages() throws IOException {
    http.post(
        "/apis/apps/v1/namespaces/default/deployments",
        """
        {"metadata":{"name":"proto"},"spec":{"selector":{"matchLabels":{"a":"b"}},
         "strategy":{"rollingUpdate":{"maxSurge":"30%","maxUnavailable":2}},
         "template":{"metadata":{"labels":{"a":"b"}},"spec":{"volumes":[{"name":"v","emptyDir":{}}],
         "containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":"100m"}}}]}}}}
        """);

    HttpResponse<byte[]> reply =
        get("/apis/apps/v1/namespaces/default/deployments/proto", PROTOBUF);

    Deployment deployment = Deployment.parseFrom(envelope(reply.body()).getRaw());
    var pod = deployment.getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers(0).getResources().getLimitsMap().get("cpu").getString())
        .isEqualTo("100m");
    assertThat(pod.getVolumes(0).getVolumeSource().hasEmptyDir()).isTrue();
    var rolling = deployment.getSpec().getStrategy().getRollingUpdate();
    assertThat(rolling.getMaxSurge().getStrVal()).isEqualTo("30%");
    assertThat(rolling.getMaxUnavailable().getIntVal()).isEqualTo(2);
  }

  @Test
  void aListHoldsItsItemsAndItsRevision() throws IOException {
    createMap("proto-listed");

    HttpResponse<byte[]> reply = get(MAPS + "?labelSelector=in%3Dproto-listed", PROTOBUF);

    Unknown envelope = envelope(reply.body());
    assertThat(envelope.getTypeMeta().getKind()).isEqualTo("ConfigMapList");
    ConfigMapList list = ConfigMapList.parseFrom(envelope.getRaw());
    assertThat(list.getItemsList()).hasSize(1);
    assertThat(Long.parseLong(list.getMetadata().getResourceVersion())).isPositive();
  }

  @Test
  void aWatchSendsFramesOfEvents() throws Exception {
    createMap("proto-watched");

    HttpResponse<InputStream> reply =
        client.send(
            request(
                MAPS + "?watch=1&fieldSelector=metadata.name%3Dproto-watched",
                PROTOBUF + ";stream=watch"),
            BodyHandlers.ofInputStream());

    assertThat(reply.headers().firstValue("Content-Type")).hasValue(PROTOBUF + ";stream=watch");
    try (DataInputStream in = new DataInputStream(reply.body())) {
      WatchEvent event = WatchEvent.parseFrom(in.readNBytes(in.readInt()));
      assertThat(event.getType()).isEqualTo("ADDED");
      ConfigMap map =
          ConfigMap.parseFrom(envelope(event.getObject().getRaw().toByteArray()).getRaw());
      assertThat(map.getMetadata().getName()).isEqualTo("proto-watched");
    }
  }

  @Test
  void aFailureIsAStatus() throws IOException {
    HttpResponse<byte[]> reply = get(MAPS + "/proto-absent", PROTOBUF);

    assertThat(reply.statusCode()).isEqualTo(404);
    Unknown envelope = envelope(reply.body());
    assertThat(envelope.getTypeMeta().getKind()).isEqualTo("Status");
    Status status = Status.parseFrom(envelope.getRaw());
    assertThat(status.getReason()).isEqualTo("NotFound");
    assertThat(status.getDetails().getName()).isEqualTo("proto-absent");
  }

  @Test
  void metadataAloneHasAMessageToo() throws IOException {
    createMap("proto-partial");

    HttpResponse<byte[]> reply =
        get(
            MAPS + "/proto-partial",
            PROTOBUF + ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");

    Unknown envelope = envelope(reply.body());
    assertThat(envelope.getTypeMeta().getKind()).isEqualTo("PartialObjectMetadata");
    assertThat(PartialObjectMetadata.parseFrom(envelope.getRaw()).getMetadata().getName())
        .isEqualTo("proto-partial");
  }

  @Test
  void discoveryHasMessagesToo() throws IOException {
    assertThat(envelope(get("/apis/apps/v1", PROTOBUF).body()).getTypeMeta().getKind())
        .isEqualTo("APIResourceList");
    assertThat(envelope(get("/apis", PROTOBUF).body()).getTypeMeta().getKind())
        .isEqualTo("APIGroupList");
  }

  @Test
  void aTableHasNone() {
    String table = ";as=Table;g=meta.k8s.io;v=v1";

    assertThat(get(MAPS, PROTOBUF + table).statusCode()).isEqualTo(406);
    assertThat(
            get(MAPS, PROTOBUF + table + ",application/json" + table)
                .headers()
                .firstValue("Content-Type"))
        .hasValue("application/json");
  }

  @Test
  void whatIsAnsweredAndNotKeptHasNoTable() {
    RawHttp.Reply reply =
        http.post(
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            "{\"spec\":{\"nonResourceAttributes\":{\"path\":\"/\",\"verb\":\"get\"}}}",
            "Accept",
            "application/json;as=Table;g=meta.k8s.io;v=v1");

    assertThat(reply.code()).isEqualTo(406);
  }

  @Test
  void whatIsSentInProtobufIsAnsweredInIt() throws Exception {
    ConfigMap map =
        ConfigMap.newBuilder()
            .setMetadata(
                io.kubernetes.client.proto.Meta.ObjectMeta.newBuilder().setName("proto-made"))
            .putData("k", "v")
            .build();
    Unknown envelope =
        Unknown.newBuilder()
            .setTypeMeta(
                io.kubernetes.client.proto.Runtime.TypeMeta.newBuilder()
                    .setApiVersion("v1")
                    .setKind("ConfigMap"))
            .setRaw(map.toByteString())
            .build();
    byte[] magic = {'k', '8', 's', 0};
    byte[] body = Arrays.copyOf(magic, 4 + envelope.getSerializedSize());
    System.arraycopy(envelope.toByteArray(), 0, body, 4, envelope.getSerializedSize());

    HttpResponse<byte[]> reply =
        client.send(
            HttpRequest.newBuilder(request(MAPS, PROTOBUF), (name, value) -> true)
                .header("Content-Type", PROTOBUF)
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofByteArray());

    assertThat(reply.statusCode()).isEqualTo(201);
    assertThat(ConfigMap.parseFrom(envelope(reply.body()).getRaw()).getDataMap())
        .containsEntry("k", "v");
  }
}
