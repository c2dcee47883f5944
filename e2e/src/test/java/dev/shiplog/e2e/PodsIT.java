package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods as people write them, on real containers, and the trace that leads to one: each of {@code
 * src/test/resources/pods} says in its annotations what comes of it. All run side by side, and are
 * looked at once they have ended.
 *
 * <p>Left out of the files, since all have it: namespace, image (but where another is meant),
 * {@code restartPolicy: Never}, and the first container's name, {@code main}. {@code expect/output}
 * is what that container printed, {@code expect/phase} the pod's phase (Succeeded if it says
 * nothing), {@code expect/reason}, {@code expect/exitCode} and {@code expect/message} how the
 * container ended, {@code expect/podReason} and {@code expect/podMessage} how the pod did. With
 * {@code expect/waiting} the container must not start, for that reason and with a message that has
 * {@code expect/waitingMessage} in it.
 */
@ResourceLock(ContainerdCluster.MACHINE)
final class PodsIT {

  private static final Path FILES = Path.of("src/test/resources/pods");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Duration BOUND = Duration.ofMinutes(3);

  private static final String LIST = "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[";

  @TempDir private static Path directory;
  private static TraceCollector collector;
  private static ContainerdCluster cluster;
  private static Map<String, JsonNode> pods;
  private static Map<String, String> outputs;

  @BeforeAll
  static void runAll() throws IOException {
    collector = TraceCollector.start();
    cluster = ContainerdCluster.in(directory, "--tracing", collector.url());
    Kubectl kubectl = cluster.product().kubectl();
    kubectl.ok("create namespace pods");
    kubectl.await("get serviceaccount default -n pods -o name", "serviceaccount/default");
    kubectl.apply(documents().map(JsonNode::toString).collect(Collectors.joining(",", LIST, "]}")));
    Awaitility.await("all pods have ended, or cannot start")
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          pods = pods(kubectl);
          return pods.values().stream().allMatch(PodsIT::isDecided);
        });
    outputs = outputs(kubectl);
  }

  @AfterAll
  static void takeDown() {
    if (cluster != null) {
      cluster.close();
    }
    if (collector != null) {
      collector.close();
    }
  }

  static Stream<String> names() {
    return documents()
        .filter(object -> object.path("kind").asText().equals("Pod"))
        .map(PodsIT::name);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void becomesWhatItsAnnotationsSay(String name) {
    JsonNode pod = pods.get(name);
    JsonNode container = pod.at("/status/containerStatuses/0/state");
    assertThat(pod.at("/metadata/generation").asLong()).isEqualTo(1);
    assertThat(pod.at("/status/observedGeneration").asLong()).isEqualTo(1);
    if (expects(pod, "waiting")) {
      assertThat(container.at("/waiting/reason").asText()).isEqualTo(expected(pod, "waiting"));
      assertThat(container.at("/waiting/message").asText())
          .contains(expected(pod, "waitingMessage"));
      return;
    }
    if (expects(pod, "output")) {
      assertThat(outputs.getOrDefault(name, "")).isEqualTo(expected(pod, "output"));
    }
    assertThat(pod.at("/status/phase").asText())
        .isEqualTo(expects(pod, "phase") ? expected(pod, "phase") : "Succeeded");
    if (expects(pod, "reason")) {
      assertThat(container.at("/terminated/reason").asText()).isEqualTo(expected(pod, "reason"));
    }
    if (expects(pod, "exitCode")) {
      assertThat(container.at("/terminated/exitCode").asText())
          .isEqualTo(expected(pod, "exitCode"));
    }
    if (expects(pod, "message")) {
      assertThat(container.at("/terminated/message").asText()).isEqualTo(expected(pod, "message"));
    }
    assertThat(pod.at("/status/reason").asText()).isEqualTo(expected(pod, "podReason"));
    assertThat(pod.at("/status/message").asText()).contains(expected(pod, "podMessage"));
  }

  @Test
  void aDeploymentIsOneTraceThatEndsInContainersStarted() {
    Kubectl kubectl = cluster.product().kubectl();
    kubectl.ok("create deployment traced --image=%s -- sleep 600".formatted(BusyboxImage.NAME));
    kubectl.await("get deployment traced -o jsonpath={.status.availableReplicas}", "1");

    String trace =
        kubectl.ok(
            "get changes --field-selector object.resource=deployments,object.name=traced"
                + " -o jsonpath={.items[0].request.traceID}");
    Awaitility.await("the calls to containerd are steps of the trace")
        .atMost(BOUND)
        .untilAsserted(() -> {
          assertThat(collector.parents(trace, "CRI RunPodSandbox"))
              .containsExactly("start sandbox");
          assertThat(collector.parents(trace, "CRI CreateContainer"))
              .containsExactly("start container");
          assertThat(collector.parents(trace, "CRI StartContainer"))
              .containsExactly("start container");
        });
    assertThat(collector.of(trace)).filteredOn(step -> step.parent().isEmpty()).hasSize(1);
  }

  private static boolean isDecided(JsonNode pod) {
    return expects(pod, "waiting")
        ? !pod.at("/status/containerStatuses/0/state/waiting/reason")
            .asText("ContainerCreating")
            .equals("ContainerCreating")
        : List.of("Succeeded", "Failed").contains(pod.at("/status/phase").asText());
  }

  private static boolean expects(JsonNode pod, String what) {
    return pod.at("/metadata/annotations").has("expect/" + what);
  }

  private static String expected(JsonNode pod, String what) {
    return pod.at("/metadata/annotations").path("expect/" + what).asText();
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  private static Map<String, JsonNode> pods(Kubectl kubectl) {
    Map<String, JsonNode> found = new HashMap<>();
    read(kubectl.ok("get pods -n pods -o json"))
        .path("items")
        .forEach(pod -> found.put(name(pod), pod));
    return found;
  }

  /** What the first containers of those with an expected output printed, by one request. */
  private static Map<String, String> outputs(Kubectl kubectl) {
    Map<String, String> found = new HashMap<>();
    String prefix = "[pod/";
    String lines =
        kubectl
            .run(
                "logs -n pods -l output=expected -c main --tail=-1 --prefix --max-log-requests=100")
            .succeeded()
            .out();
    for (String line : lines.lines().toList()) {
      String pod = line.substring(prefix.length(), line.indexOf('/', prefix.length()));
      found.merge(pod, line.substring(line.indexOf("] ") + 2) + "\n", String::concat);
    }
    return found;
  }

  private static Stream<JsonNode> documents() {
    List<JsonNode> documents = new ArrayList<>();
    try (Stream<Path> files = Files.list(FILES)) {
      for (Path file : files.sorted().toList()) {
        YAML.readerFor(JsonNode.class)
            .<JsonNode>readValues(file.toFile())
            .forEachRemaining(document -> documents.add(completed(document)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return documents.stream();
  }

  private static JsonNode completed(JsonNode document) {
    if (document.path("kind").asText().equals("Pod")) {
      ObjectNode metadata = (ObjectNode) document.path("metadata");
      metadata.put("namespace", "pods");
      if (expects(document, "output")) {
        metadata.withObject("/labels").put("output", "expected");
      }
      ObjectNode spec = (ObjectNode) document.path("spec");
      spec.put("restartPolicy", "Never");
      ((ObjectNode) spec.at("/containers/0")).put("name", "main");
      spec.path("containers").forEach(PodsIT::withImage);
      spec.path("initContainers").forEach(PodsIT::withImage);
    }
    return document;
  }

  private static void withImage(JsonNode container) {
    if (!container.has("image")) {
      ((ObjectNode) container).put("image", BusyboxImage.NAME);
    }
  }

  private static JsonNode read(String json) {
    try {
      return YAML.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
