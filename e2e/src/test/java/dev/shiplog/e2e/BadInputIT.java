package dev.shiplog.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every mistake gets the Status a Kubernetes client expects, with words one can act on. */
@ExtendWith(SimulatedCluster.class)
final class BadInputIT {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String JSON = "application/json";

  /** How long the log was before the mistakes. */
  private static long logged;

  @TempDir private Path directory;
  private final Product product;

  BadInputIT(Product product) {
    this.product = product;
  }

  @BeforeAll
  static void remember(Product product) throws IOException {
    logged = Files.size(log(product));
  }

  /** Whoever reads the log looks for what went wrong in Shiplog. */
  @AfterAll
  static void noneOfTheMistakesHasAStackInTheLog(Product product) throws IOException {
    byte[] all = Files.readAllBytes(log(product));
    String since = new String(all, (int) logged, all.length - (int) logged, UTF_8);

    assertThat(since.lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    assertThat(since).doesNotContain("\"exception\":", "\"ERROR\"");
  }

  private static Path log(Product product) {
    return product.data().resolve("shiplog.log");
  }

  @Test
  void malformedJsonIsABadRequest() {
    assertThat(post(CONFIG_MAPS, "{\"kind\":", JSON)).contains("\"code\":400", "BadRequest");
  }

  @Test
  void malformedYamlIsABadRequest() {
    assertThat(post(CONFIG_MAPS, "a: [", "application/yaml")).contains("\"code\":400");
  }

  @Test
  void anotherKindThanThePathSaysIsABadRequest() {
    assertThat(
            post(
                CONFIG_MAPS,
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}",
                JSON))
        .contains("\"code\":400")
        .contains("Pod");
  }

  @Test
  void anUnknownResourceIsNotFound() {
    assertThat(get("/apis/apps/v1/namespaces/default/deploymints"))
        .contains("\"code\":404", "the server could not find the requested resource");
  }

  @Test
  void aMissingObjectIsNotFoundByName() {
    assertThat(get(CONFIG_MAPS + "/nothing"))
        .contains("\"code\":404", "configmaps \\\"nothing\\\" not found", "NotFound");
  }

  @Test
  void aBadNameIsInvalidWithItsField() {
    assertThat(post(CONFIG_MAPS, configMap("Not_A_Name", ""), JSON))
        .contains("\"code\":422", "\"field\":\"metadata.name\"", "FieldValueInvalid");
  }

  @Test
  void aTakenNameAlreadyExists() {
    post(CONFIG_MAPS, configMap("taken", ""), JSON);
    assertThat(post(CONFIG_MAPS, configMap("taken", ""), JSON))
        .contains("\"code\":409", "AlreadyExists");
  }

  @Test
  void aStaleRevisionConflicts() {
    post(CONFIG_MAPS, configMap("stale", ""), JSON);
    assertThat(
            send(
                "PUT",
                CONFIG_MAPS + "/stale",
                configMap("stale", "\"resourceVersion\":\"1\","),
                JSON))
        .contains("\"code\":409", "Conflict", "the object has been modified");
  }

  @Test
  void aBodyOverThreeMebibytesIsTooLarge() {
    String body =
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"big\"},\"data\":{\"x\":\""
            + "x".repeat(3 << 20)
            + "\"}}";
    assertThat(post(CONFIG_MAPS, body, JSON)).contains("\"code\":413", "RequestEntityTooLarge");
  }

  @Test
  void unknownFieldsAreRefusedWhenStrict() {
    String body = configMap("strict", "\"colour\":\"blue\",");
    assertThat(post(CONFIG_MAPS + "?fieldValidation=Strict", body, JSON))
        .contains("\"code\":400", "strict decoding error", "unknown field \\\"metadata.colour\\\"");
  }

  @Test
  void aMissingContainerImageNamesItsPath() {
    String body =
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\"}]}}";
    assertThat(post("/api/v1/namespaces/default/pods", body, JSON))
        .contains("\"code\":422", "spec.containers[0].image", "FieldValueRequired");
  }

  @Test
  void aMissingNamespaceIsNotFound() {
    assertThat(post("/api/v1/namespaces/nowhere/configmaps", configMap("a", ""), JSON))
        .contains("\"code\":404", "namespaces \\\"nowhere\\\" not found");
  }

  @Test
  void anUnsupportedMediaTypeIsRefused() {
    assertThat(post(CONFIG_MAPS, "<a/>", "text/xml")).contains("\"code\":415");
  }

  @Test
  void withoutCredentialsNobodyGetsIn() {
    List<String> command =
        List.of("curl", "-sk", "--max-time", "20", product.server() + CONFIG_MAPS);
    assertThat(Run.of(command, Map.of(), Duration.ofSeconds(30)).out())
        .containsAnyOf("\"code\":401", "\"code\":403");
  }

  private static String configMap(String name, String metadata) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{"
        + metadata
        + "\"name\":\""
        + name
        + "\"}}";
  }

  private String get(String path) {
    return send("GET", path, null, JSON);
  }

  private String post(String path, String body, String type) {
    return send("POST", path, body, type);
  }

  private String send(String method, String path, String body, String type) {
    try {
      List<String> command =
          new ArrayList<>(List.of("curl", "-s", "--max-time", "20", "-X", method));
      command.addAll(List.of("--cacert", product.data().resolve("pki/ca.crt").toString()));
      command.addAll(List.of("-H", "Authorization: Bearer " + product.adminToken()));
      command.addAll(List.of("-H", "Accept: application/json", "-H", "Content-Type: " + type));
      if (body != null) {
        Path file = Files.writeString(directory.resolve("body"), body);
        command.addAll(List.of("-H", "Expect:", "--data-binary", "@" + file));
      }
      command.add(product.server() + path);
      return Run.of(command, Map.of(), Duration.ofSeconds(30)).out();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
