package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class BadInputTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  private static String map(String name, String more) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"%s}}"
        .formatted(name, more);
  }

  private static void assertRefused(Reply reply, int code, String reason, String message) {
    assertThat(reply.code()).as(reply.text()).isEqualTo(code);
    assertThat(reply.json().path("kind").asText()).isEqualTo("Status");
    assertThat(reply.json().path("reason").asText()).isEqualTo(reason);
    assertThat(reply.json().path("code").asInt()).isEqualTo(code);
    assertThat(reply.json().path("message").asText()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "", "null", "{\"metadata\":", "{} {}", "\"text\""})
  void whatIsNoJsonObjectIsABadRequest(String body) {
    Reply reply = http.post(MAPS, body);
    assertRefused(reply, 400, "BadRequest", "ConfigMap");
    assertThat(reply.text()).doesNotContain("REDACTED");
  }

  @Test
  void malformedYamlIsABadRequest() {
    Reply reply = http.post(MAPS, "a: [", "Content-Type", "application/yaml");

    assertRefused(reply, 400, "BadRequest", "yaml");
  }

  @Test
  void anotherKindThanThePathsIsABadRequest() {
    String secret = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"x\"}}";

    assertRefused(http.post(MAPS, secret), 400, "BadRequest", "Secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/namespaces/default/things",
        "/apis/none.example/v1/things",
        "/apis/apps/v9",
        "/nothing",
        "/api/v1/namespaces/default/configmaps/a/nothing",
        "/api/v1/namespaces/default/nodes/x",
        "/api/v1/namespaces/../configmaps",
        "/api/v1//configmaps",
        "/api/v1/namespaces/default/configmaps/%ff"
      })
  void aPathThatLeadsNowhereIsNotFound(String path) {
    assertRefused(
        http.get(path), 404, "NotFound", "the server could not find the requested resource");
  }

  @Test
  void aMethodThatAResourceHasNotIsNotAllowed() {
    assertRefused(
        http.post(MAPS + "/x", map("x", "")),
        405,
        "MethodNotAllowed",
        "does not allow this method");
    assertRefused(
        http.put(MAPS, map("x", "")), 405, "MethodNotAllowed", "does not allow this method");
  }

  @Test
  void anUpdateOfWhatIsNotThereIsNotFound() {
    assertRefused(
        http.put(MAPS + "/ghost", map("ghost", "")),
        404,
        "NotFound",
        "configmaps \"ghost\" not found");
  }

  @Test
  void anUpdateFromAnOldRevisionConflicts() {
    Reply created = http.post(MAPS, map("old", ""));
    String revision = created.json().at("/metadata/resourceVersion").asText();
    http.put(MAPS + "/old", map("old", ",\"labels\":{\"a\":\"b\"}"));

    assertRefused(
        http.put(MAPS + "/old", map("old", ",\"resourceVersion\":\"" + revision + "\"")),
        409,
        "Conflict",
        "the object has been modified; please apply your changes to the latest version");
  }

  @Test
  void aNameThatIsTakenAlreadyExists() {
    http.post(MAPS, map("twice", ""));

    assertRefused(
        http.post(MAPS, map("twice", "")),
        409,
        "AlreadyExists",
        "configmaps \"twice\" already exists");
  }

  @Test
  void anotherNameThanThePathsIsABadRequest() {
    http.post(MAPS, map("named", ""));

    assertRefused(
        http.put(MAPS + "/named", map("other", "")), 400, "BadRequest", "does not match the name");
  }

  @Test
  void anInvalidNameIsInvalidAndSaysWhere() {
    Reply reply = http.post(MAPS, map("No_Name", ""));

    assertRefused(reply, 422, "Invalid", "metadata.name");
    assertThat(reply.json().at("/details/causes/0/field").asText()).isEqualTo("metadata.name");
  }

  @Test
  void aNamespaceThatIsNotThereIsNotFound() {
    assertRefused(
        http.post("/api/v1/namespaces/nowhere/configmaps", map("x", "")),
        404,
        "NotFound",
        "namespaces \"nowhere\" not found");
  }

  @Test
  void aBodyOfMoreThanThreeMebibytesIsTooLarge() {
    String large = "x".repeat(4 << 20);

    assertRefused(http.post(MAPS, large), 413, "RequestEntityTooLarge", "limit is 3145728");
  }

  @Test
  void unknownFieldsAreRefusedOrWarnedOfAsTheClientWishes() {
    String odd =
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"odd\"},\"spec\":1}";

    assertRefused(
        http.post(MAPS + "?fieldValidation=Strict", odd),
        400,
        "BadRequest",
        "strict decoding error: unknown field \"spec\"");
    assertThat(http.post(MAPS + "?dryRun=All", odd).header("Warning"))
        .isEqualTo("299 - \"unknown field \\\"spec\\\"\"");
    assertThat(http.post(MAPS + "?dryRun=All&fieldValidation=Ignore", odd).header("Warning"))
        .isEmpty();
  }

  @Test
  void mediaTypesThatAreNotSpokenAreRefused() {
    assertRefused(
        http.post(MAPS, "<a/>", "Content-Type", "application/xml"),
        415,
        "UnsupportedMediaType",
        "application/json");
    assertRefused(
        http.get(MAPS, "Accept", "application/xml"), 406, "NotAcceptable", "application/json");
    assertRefused(
        http.send("PATCH", MAPS + "/x", "{}", "Content-Type", "application/json"),
        415,
        "UnsupportedMediaType",
        "application/merge-patch+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?limit=x",
        "?limit=-1",
        "?continue=none",
        "?labelSelector=%2C",
        "?fieldSelector=a.b=c",
        "?timeoutSeconds=x&watch=1"
      })
  void queriesThatMakeNoSenseAreBadRequests(String query) {
    assertThat(http.get(MAPS + query).code()).isEqualTo(400);
  }

  @Test
  void optionsThatMakeNoSenseAreInvalidUnderTheirKind() {
    assertRefused(
        http.post(MAPS + "?dryRun=some", map("dry", "")), 422, "Invalid", "CreateOptions.meta");
    assertRefused(
        http.put(MAPS + "/x?fieldValidation=maybe", map("x", "")),
        422,
        "Invalid",
        "UpdateOptions.meta");
    assertRefused(http.delete(MAPS + "/x?dryRun=some"), 422, "Invalid", "DeleteOptions.meta");
  }

  @Test
  void whoIsNotKnownMayAskForHealthAlone() {
    RawHttp nobody = new RawHttp(server.getPort(), "");

    assertRefused(nobody.get(MAPS), 401, "Unauthorized", "Unauthorized");
    assertRefused(
        new RawHttp(server.getPort(), "wrong").get(MAPS), 401, "Unauthorized", "Unauthorized");
    assertThat(nobody.get("/readyz").text()).isEqualTo("ok");
  }

  @Test
  void aNodeMayNotDoWhatAgentsHaveNoNeedOf() {
    RawHttp node = new RawHttp(server.getPort(), "node-token");

    assertRefused(
        node.post(MAPS, map("x", "")),
        403,
        "Forbidden",
        "User \"system:node:node-1\" cannot create resource \"configmaps\"");
    assertThat(node.get("/api/v1/pods").code()).isEqualTo(403);
    assertThat(node.get("/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1").code()).isEqualTo(200);
  }

  @Test
  void aDryRunChangesNothing() {
    Reply tried = http.post(MAPS + "?dryRun=All", map("dry", ""));
    assertThat(tried.code()).isEqualTo(201);
    assertThat(tried.json().path("metadata").has("resourceVersion")).isFalse();
    assertThat(http.get(MAPS + "/dry").code()).isEqualTo(404);
  }
}
