package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.http.RawHttp.Reply;
import dev.shiplog.topics.record.Json;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A resource whose versions differ: v1 says {@code address: host:port}, v2 says host and port by
 * themselves. v1 is stored.
 */
@QuarkusTest
@QuarkusTestResource(value = TlsFiles.class, restrictToAnnotatedClass = true)
class ConversionWebhookTest {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String NAME = "links.conversion.example.com";
  private static final String V1 = "/apis/conversion.example.com/v1/links";
  private static final String V2 = "/apis/conversion.example.com/v2/links";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;
  private RemoteServer webhook;
  private volatile String refusal = "";

  @BeforeEach
  void define() {
    http = new RawHttp(server.getPort(), "admin-token");
    webhook = RemoteServer.answering(request -> request.body().onSuccess(b -> answer(request, b)));
    Reply made = http.post(DEFINITIONS, definition());
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    await(V2, 200);
  }

  @AfterEach
  void remove() {
    refusal = "";
    http.delete(DEFINITIONS + "/" + NAME);
    await(DEFINITIONS + "/" + NAME, 404);
    webhook.close();
  }

  @Test
  void whatIsWrittenInOneVersionIsReadInTheOther() {
    Reply made = http.post(V2, v2("a", "kiel", 80));
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    assertThat(made.json().at("/spec/host").asText()).isEqualTo("kiel");
    assertThat(http.get(V1 + "/a").json().at("/spec").toString())
        .isEqualTo("{\"address\":\"kiel:80\"}");
    assertThat(http.get(V2 + "/a").json().at("/spec").toString())
        .isEqualTo("{\"host\":\"kiel\",\"port\":80}");
  }

  @Test
  void aListHoldsOneVersionWhateverItsObjectsWereWrittenIn() {
    http.post(V1, v1("a", "kiel:80"));
    http.post(V2, v2("b", "york", 443));
    Reply list = http.get(V2);
    assertThat(list.code()).as(list.text()).isEqualTo(200);
    assertThat(list.json().at("/items/0/spec/host").asText()).isEqualTo("kiel");
    assertThat(list.json().at("/items/1/spec/port").asInt()).isEqualTo(443);
    assertThat(list.json().at("/items/0/apiVersion").asText()).endsWith("/v2");
  }

  @Test
  void aPatchIsOfTheVersionItSpeaks() {
    http.post(V1, v1("a", "kiel:80"));
    Reply patched =
        http.send(
            "PATCH",
            V2 + "/a",
            "{\"spec\":{\"port\":81}}",
            "Content-Type",
            "application/merge-patch+json");
    assertThat(patched.json().at("/spec/port").asInt()).as(patched.text()).isEqualTo(81);
    assertThat(http.get(V1 + "/a").json().at("/spec/address").asText()).isEqualTo("kiel:81");
  }

  @Test
  void aWatchTellsInTheVersionItAskedFor() {
    http.post(V1, v1("a", "kiel:80"));
    try (Stream<String> lines = http.lines(V2 + "?watch=true&timeoutSeconds=20")) {
      Iterator<String> events = lines.iterator();
      assertThat(events.next()).contains("\"ADDED\"", "\"host\":\"kiel\"");
      http.post(V1, v1("b", "york:443"));
      assertThat(events.next()).contains("\"ADDED\"", "\"host\":\"york\"");
    }
  }

  @Test
  void anObjectIsCheckedByTheSchemaOfTheVersionThatIsStored() {
    Reply refused = http.post(V2, v2("a", "no host at all!", 80));
    assertThat(refused.code()).as(refused.text()).isEqualTo(422);
    assertThat(refused.text()).contains("spec.address");
  }

  @Test
  void whatTheWebhookRefusesIsToldTheClient() {
    http.post(V1, v1("a", "kiel:80"));
    refusal = "the harbour is closed";
    Reply failed = http.get(V2 + "/a");
    assertThat(failed.code()).isEqualTo(500);
    assertThat(failed.text())
        .contains(
            "conversion webhook for conversion.example.com/v1, Kind=Link failed: the harbour is"
                + " closed");
    assertThat(http.get(V1 + "/a").code()).isEqualTo(200);
  }

  private void answer(HttpServerRequest request, Buffer body) {
    JsonNode asked = Json.read(body.getBytes(), JsonNode.class).path("request");
    ObjectNode review = Json.MAPPER.createObjectNode();
    review.put("apiVersion", "apiextensions.k8s.io/v1").put("kind", "ConversionReview");
    ObjectNode response = review.putObject("response").set("uid", asked.path("uid"));
    ObjectNode result = response.putObject("result");
    result.put("status", refusal.isEmpty() ? "Success" : "Failed").put("message", refusal);
    ArrayNode converted = response.putArray("convertedObjects");
    if (refusal.isEmpty()) {
      String version = asked.path("desiredAPIVersion").asText();
      asked.path("objects").forEach(one -> converted.add(convert((ObjectNode) one, version)));
    }
    request.response().end(Buffer.buffer(Json.bytes(review)));
  }

  private static ObjectNode convert(ObjectNode link, String version) {
    ObjectNode spec = link.withObject("/spec");
    if (version.endsWith("/v2")) {
      String[] address = spec.remove("address").asText().split(":");
      spec.put("host", address[0]).put("port", Integer.parseInt(address[1]));
    } else {
      spec.put("address", spec.remove("host").asText() + ":" + spec.remove("port").asText());
    }
    return link.put("apiVersion", version);
  }

  private String definition() {
    String version =
        """
        {"name":"%s","served":true,"storage":%s,"schema":{"openAPIV3Schema":{"type":"object",
          "properties":{"spec":{"type":"object","properties":{%s}}}}}}
        """;
    return """
    {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
     "metadata":{"name":"%s"},
     "spec":{"group":"conversion.example.com","scope":"Cluster",
       "names":{"plural":"links","kind":"Link"},
       "conversion":{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1"],
         "clientConfig":{"url":"https://localhost:%d/convert","caBundle":"%s"}}},
       "versions":[%s,%s]}}
    """
        .formatted(
            NAME,
            webhook.port(),
            RemoteServer.authority(),
            version.formatted(
                "v1", true, "\"address\":{\"type\":\"string\",\"pattern\":\"^[a-z]+:[0-9]+$\"}"),
            version.formatted(
                "v2", false, "\"host\":{\"type\":\"string\"},\"port\":{\"type\":\"integer\"}"));
  }

  private static String v1(String name, String address) {
    return link("v1", name, "\"address\":\"" + address + "\"");
  }

  private static String v2(String name, String host, int port) {
    return link("v2", name, "\"host\":\"%s\",\"port\":%d".formatted(host, port));
  }

  private static String link(String version, String name, String spec) {
    return """
    {"apiVersion":"conversion.example.com/%s","kind":"Link",
     "metadata":{"name":"%s"},"spec":{%s}}
    """
        .formatted(version, name, spec);
  }

  private void await(String path, int code) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (http.get(path).code() != code) {
      assertThat(System.nanoTime()).as(path).isLessThan(deadline);
    }
  }
}
