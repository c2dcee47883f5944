package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.RandomObjects;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.topics.record.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes in, what goes out is an answer or a refusal with a Status: never a failure of the
 * server, never silence. The inputs follow from a seed; {@code -Dshiplog.fuzz.inputs} and {@code
 * -Dshiplog.fuzz.seed} ask for more and for others.
 */
@QuarkusTest
class HttpFuzzTest {

  private static final int INPUTS = Integer.getInteger("shiplog.fuzz.inputs", 3000);
  private static final long SEED = Long.getLong("shiplog.fuzz.seed", 20261122L);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final List<String> METHODS =
      List.of("GET", "GET", "POST", "POST", "PUT", "PATCH", "PATCH", "DELETE", "HEAD", "OPTIONS");
  private static final List<String> MEDIA_TYPES =
      List.of(
          "application/json",
          "application/yaml",
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json",
          "application/apply-patch+yaml",
          "application/vnd.kubernetes.protobuf",
          "text/html",
          ";;=",
          "application/json; charset=x");
  private static final List<String> ACCEPTS =
      List.of(
          "application/json",
          "*/*",
          "application/yaml",
          "application/vnd.kubernetes.protobuf",
          "application/json;as=Table;g=meta.k8s.io;v=v1",
          "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
          "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
          "application/json;q=x, ;=;",
          "image/png");
  private static final List<String> PARAMETERS =
      List.of(
          "limit",
          "continue",
          "resourceVersion",
          "resourceVersionMatch",
          "labelSelector",
          "fieldSelector",
          "timeoutSeconds",
          "sendInitialEvents",
          "allowWatchBookmarks",
          "dryRun",
          "fieldManager",
          "fieldValidation",
          "force",
          "gracePeriodSeconds",
          "propagationPolicy",
          "orphanDependents",
          "includeObject",
          "pretty");
  private static final List<String> VALUES =
      List.of(
          "",
          "0",
          "1",
          "-1",
          "true",
          "All",
          "99999999999999999999",
          "Exact",
          "NotOlderThan",
          "Strict",
          "Background",
          "Foreground",
          "a=b",
          "a in (b,c)",
          "!a",
          "metadata.name=x",
          "spec.nodeName!=y",
          "a,,b",
          "((",
          "é\u0000",
          "{\"v\":1}",
          "eyJ2IjoxfQ");
  private static final List<String> NAMES =
      List.of("x", "y", "x0", "a.b-c", "Ünïcode", "..", "%2f", "a".repeat(300));

  @TestHTTPResource("/")
  URI server;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<ResourceType> resources = new ArrayList<>(ResourceCatalogue.builtIn().all());

  @SuppressWarnings("ArrayRecordComponent")
  private record Input(String method, String path, String media, String accept, byte[] body) {
    @Override
    public String toString() {
      return "%s %s [%s -> %s] %s"
          .formatted(method, path, media, accept, new String(body, StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyInputIsAnsweredOrRefusedWithAStatus() throws Exception {
    new RawHttp(server.getPort(), "admin-token")
        .post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"fuzz\"}}");
    int refused = 0;
    for (int i = 0; i < INPUTS; i++) {
      Input input = input(new Random(SEED + i), SEED + i);
      HttpResponse<byte[]> reply = send(input);
      assertThat(reply.statusCode()).as("%s%n%s", input, text(reply)).isBetween(200, 499);
      if (reply.statusCode() >= 400) {
        refused++;
        requireStatus(input, reply);
      }
    }
    System.out.printf("fuzz: %d inputs, %d refused%n", INPUTS, refused);
    assertThat(refused).isBetween(1, INPUTS - 1);
  }

  private static void requireStatus(Input input, HttpResponse<byte[]> reply) {
    String type = reply.headers().firstValue("Content-Type").orElse("");
    if (input.method().equals("HEAD") || !type.equals("application/json")) {
      return;
    }
    JsonNode status = Json.read(reply.body(), JsonNode.class);
    assertThat(status.path("kind").asText()).as(input.toString()).isEqualTo("Status");
    assertThat(status.path("code").asInt()).as(input.toString()).isEqualTo(reply.statusCode());
    assertThat(status.path("message").asText()).as(input.toString()).isNotEmpty();
  }

  private static String text(HttpResponse<byte[]> reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> send(Input input) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + server.getPort() + input.path()))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer admin-token")
            .header("Content-Type", input.media())
            .header("Accept", input.accept())
            .method(input.method(), BodyPublishers.ofByteArray(input.body()))
            .build();
    return client.send(request, BodyHandlers.ofByteArray());
  }

  private Input input(Random random, long seed) {
    ResourceType resource = one(resources, random);
    String method = one(METHODS, random);
    return new Input(
        method,
        path(resource, method.equals("DELETE"), random) + query(random),
        one(MEDIA_TYPES, random),
        one(ACCEPTS, random),
        body(resource, random, seed));
  }

  /** A deletion stays where the other tests are not. */
  private static String path(ResourceType resource, boolean careful, Random random) {
    String base =
        (resource.group().isEmpty() ? "/api/" : "/apis/" + resource.group() + "/")
            + resource.version();
    if (resource.namespaced() && (careful || random.nextInt(8) != 0)) {
      base += "/namespaces/" + (random.nextInt(3) == 0 ? name(random) : "fuzz");
    }
    base += "/" + resource.plural();
    if (careful || random.nextBoolean()) {
      base += "/" + name(random);
      if (random.nextInt(4) == 0 && !resource.subresources().isEmpty()) {
        base += "/" + one(new ArrayList<>(resource.subresources().keySet()), random);
      }
    }
    return random.nextInt(20) == 0 ? base.replaceFirst("/v", "//") : base;
  }

  private static String name(Random random) {
    return URLEncoder.encode(one(NAMES, random), StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String query(Random random) {
    StringBuilder query = new StringBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      query
          .append(query.isEmpty() ? '?' : '&')
          .append(one(PARAMETERS, random))
          .append('=')
          .append(URLEncoder.encode(one(VALUES, random), StandardCharsets.UTF_8));
    }
    return query.toString();
  }

  /** From senseful to rubbish: an object of the type, one with a wound, a patch, noise. */
  private static byte[] body(ResourceType resource, Random random, long seed) {
    ObjectNode object = new RandomObjects(seed).of(resource);
    object.withObject("/metadata").put("name", "x" + random.nextInt(5)).remove("namespace");
    return switch (random.nextInt(7)) {
      case 0 -> new byte[0];
      case 1 -> noise(random);
      case 2 -> wounded(Json.bytes(object), random);
      case 3 -> text("[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"a\":null}}]");
      case 4 -> text("{\"metadata\":{\"finalizers\":[1,null]},\"spec\":{\"$patch\":\"replace\"}}");
      case 5 -> Json.bytes(object.retain("apiVersion", "kind", "metadata"));
      default -> Json.bytes(object);
    };
  }

  private static byte[] text(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] wounded(byte[] json, Random random) {
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      json[random.nextInt(json.length)] = (byte) random.nextInt(128);
    }
    return json;
  }

  private static <T> T one(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }
}
