package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/topics.md} tells those who read the topics holds, and its program runs. */
@ExtendWith(SimulatedCluster.class)
final class TopicsDocumentIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: buoys.topics.example.com}
      spec:
        group: topics.example.com
        scope: Cluster
        names: {plural: buoys, singular: buoy, kind: Buoy}
        versions:
        - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
      """;

  private final Product product;
  private final Kubectl kubectl;
  private final TopicReader topics;

  TopicsDocumentIT(Product product, Kubectl kubectl) {
    this.product = product;
    this.kubectl = kubectl;
    this.topics = new TopicReader(product.kafka());
  }

  @Test
  void itsProgramFollowsTheObjectsOfAKind(@TempDir Path directory) throws IOException {
    Path source = directory.resolve("Follow.java");
    Files.write(source, block("```java"));
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString(),
                product.kafka(),
                "shiplog.store.configmaps")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      kubectl.ok("create configmap followed --from-literal=a=b");
      await(out, "added default/followed at ");
      kubectl.ok("label configmap followed c=d");
      await(out, "changed default/followed at ");
      kubectl.ok("delete configmap followed");
      await(out, "deleted default/followed at ");
    } finally {
      process.destroy();
    }
  }

  @Test
  void whoReadsAsFarAsTheCheckpointSaysHasWhatWasWrittenBefore() {
    String revision = "-o=jsonpath={.metadata.resourceVersion}";
    long created =
        Long.parseLong(kubectl.ok("create configmap checked --from-literal=a=b " + revision));

    JsonNode checkpoint = awaitCheckpoint(created);

    List<ConsumerRecord<String, String>> read = topics.all("shiplog.store.configmaps");
    long end = checkpoint.path("ends").path("shiplog.store.configmaps-0").asLong();
    assertThat(read)
        .filteredOn(record -> record.offset() < end)
        .anyMatch(record -> record.key().equals("default/checked"));
    kubectl.ok("delete configmap checked");
  }

  @Test
  void aStoreTopicHoldsWhatTheApiShows() {
    kubectl.ok("create configmap held --from-literal=a=b");
    kubectl.ok("create configmap let-go --from-literal=a=b");
    kubectl.ok("delete configmap let-go");
    awaitCheckpoint(
        read(kubectl.ok("get --raw /api/v1/namespaces/default/configmaps?limit=1"))
            .at("/metadata/resourceVersion")
            .asLong());

    Map<String, String> state = new HashMap<>();
    topics
        .all("shiplog.store.configmaps")
        .forEach(record -> state.put(record.key(), record.value()));

    assertThat(state.get("default/let-go")).isNull();
    assertThat(read(state.get("default/held")).at("/metadata/resourceVersion").asText())
        .isEqualTo(kubectl.ok("get configmap held -o jsonpath={.metadata.resourceVersion}"));
    kubectl.ok("delete configmap held");
  }

  @Test
  void theTopicOfACustomResourceIsNamedByItsDefinition() throws IOException {
    kubectl.apply(DEFINITION);
    List<String> command = block("```sh");
    String name =
        kubectl.ok(
            command
                .getFirst()
                .replaceFirst("^kubectl ", "")
                .replace("'", "")
                .replace("websites.example.com", "buoys.topics.example.com"));

    Awaitility.await(name).atMost(BOUND).until(() -> topics.topics().contains(name));

    kubectl.ok("delete crd buoys.topics.example.com");
    Awaitility.await(name + " is gone").atMost(BOUND).until(() -> !topics.topics().contains(name));
  }

  private JsonNode awaitCheckpoint(long revision) {
    return Awaitility.await("the checkpoint passes " + revision)
        .atMost(BOUND)
        .until(
            () -> read(topics.all("shiplog.checkpoint").getLast().value()),
            checkpoint -> checkpoint.path("revision").asLong() >= revision);
  }

  private static void await(Path file, String text) {
    Awaitility.await(text)
        .atMost(BOUND)
        .untilAsserted(() -> assertThat(Files.readString(file)).contains(text));
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }

  private static List<String> block(String fence) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(Product.checkout().resolve("docs/topics.md"))) {
      if (line.startsWith("```")) {
        inside = line.equals(fence);
      } else if (inside) {
        lines.add(line);
      }
    }
    return lines;
  }
}
