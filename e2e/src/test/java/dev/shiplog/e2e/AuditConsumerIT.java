package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The example that answers who changed what, started as its README says, on a running cluster. */
@ExtendWith(SimulatedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditConsumerIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = FreePort.next();
  private Product product;
  private Process example;

  @BeforeAll
  void start(Product running, @TempDir Path directory) throws IOException {
    product = running;
    ProcessBuilder builder =
        new ProcessBuilder(
            Product.checkout().resolve("examples/audit-consumer/start").toString(),
            product.data().toString());
    builder.environment().put("AUDIT_JAVA_OPTS", "-Dquarkus.http.port=" + port);
    example =
        builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
    await("the example")
        .atMost(Duration.ofMinutes(3))
        .ignoreExceptions()
        .until(() -> get("/changes").isArray());
  }

  @AfterAll
  void stop() {
    example.descendants().forEach(ProcessHandle::destroy);
    example.destroy();
  }

  @Test
  void itAnswersWhoChangedWhat() {
    product.kubectl().ok("create configmap asked-for --from-literal=a=b");
    product.kubectl().ok("delete configmap asked-for");

    await()
        .untilAsserted(() -> {
          JsonNode found =
              get(
                  "/changes?user=kubernetes-admin&resource=configmaps&namespace=default&name=asked-for");
          assertThat(found)
              .extracting(change -> change.path("operation").asText())
              .containsExactly("delete", "create");
          assertThat(found.path(0).path("revision").asLong())
              .isGreaterThan(found.path(1).path("revision").asLong());
          assertThat(found.path(1).at("/after/data/a").asText()).isEqualTo("b");
        });
    assertThat(get("/changes?name=asked-for&user=somebody-else")).isEmpty();
  }

  @Test
  void whatWasRefusedIsAmongTheRequestsAndNotAmongTheChanges() {
    String jane = "--as=jane get secrets";
    assertThat(product.kubectl().run(jane).failed().toString()).contains("Forbidden");

    await()
        .untilAsserted(
            () -> assertThat(get("/requests?user=kubernetes-admin&code=403")).isNotEmpty());
    assertThat(get("/changes?limit=1000"))
        .isNotEmpty()
        .allMatch(change -> change.path("revision").asLong() > 0);
  }

  @Test
  void aQuestionThatMakesNoSenseIsRefusedWithWhatIsWrong() {
    for (String wrong : List.of("limit=many", "limit=0", "before=x", "code=no", "since=today")) {
      assertThat(get("/changes?" + wrong).path("error").asText())
          .as(wrong)
          .startsWith(wrong.substring(0, wrong.indexOf('=')) + " must be");
    }
  }

  @Test
  void itTellsOfChangesAsTheyHappen() throws Exception {
    HttpRequest stream = HttpRequest.newBuilder(uri("/changes/stream")).build();
    try (Stream<String> events = client.send(stream, BodyHandlers.ofLines()).body()) {
      product.kubectl().ok("create configmap told-of");

      assertThat(events.filter(line -> line.contains("\"told-of\"")).findFirst()).isPresent();
    }
  }

  @Test
  void itsPageAsksForNothingThatIsNotThere() throws Exception {
    HttpRequest page = HttpRequest.newBuilder(uri("/")).build();
    String html = client.send(page, BodyHandlers.ofString()).body();

    assertThat(html).contains("<title>Who changed what</title>");
    List<String> asked =
        java.util.regex.Pattern.compile("'(/changes[^'?]*)")
            .matcher(html)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(asked).containsExactlyInAnyOrder("/changes", "/changes/stream");
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  private JsonNode get(String path) {
    try {
      HttpRequest request = HttpRequest.newBuilder(uri(path)).build();
      return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
