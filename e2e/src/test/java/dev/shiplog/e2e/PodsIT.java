package dev.shiplog.e2e;

import static dev.shiplog.e2e.PodFiles.NAMESPACE;
import static dev.shiplog.e2e.PodFiles.said;
import static dev.shiplog.e2e.PodFiles.says;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 *
 * <p>Some change then: {@code change/metadata} is merged into a pod's metadata, {@code
 * change/resources} are what its containers get instead (by a patch, or with {@code change/by} by a
 * replacement), and what is in {@code src/test/resources/pods-later} is applied. {@code then/phase}
 * is the pod's phase in the end, {@code then/output} the last line of each container, {@code
 * then/generation} its generation after other resources (2 if it says nothing).
 */
@ResourceLock(ContainerdCluster.MACHINE)
final class PodsIT {

  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");
  private static final Duration BOUND = Duration.ofMinutes(3);

  @TempDir private static Path directory;
  private static TraceCollector collector;
  private static ContainerdCluster cluster;
  private static Map<String, JsonNode> pods;
  private static Map<String, String> outputs;
  private static Map<String, JsonNode> changed;
  private static Map<String, String> lastLines;

  @BeforeAll
  static void runAll() throws IOException {
    collector = TraceCollector.start();
    cluster = ContainerdCluster.in(directory, "--tracing", collector.url());
    Kubectl kubectl = cluster.product().kubectl();
    kubectl.ok("create namespace pods");
    kubectl.await("get serviceaccount default -n pods -o name", "serviceaccount/default");
    kubectl.apply(PodFiles.manifest());
    Awaitility.await("all pods have ended, or run, or cannot start")
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          pods = pods(kubectl);
          return pods.values().stream().allMatch(PodsIT::isDecided);
        });
    outputs = outputs(kubectl, "output=expected -c main --tail=-1");
    new PodChanges(kubectl).make(pods.values());
    Awaitility.await("all changes have come about")
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          changed = pods(kubectl);
          return changed.values().stream().allMatch(PodsIT::isChanged);
        });
    Awaitility.await("the containers have told of them")
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          lastLines = outputs(kubectl, "then=expected --all-containers --tail=1");
          return changed.values().stream().allMatch(PodsIT::hasTold);
        });
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
    return PodFiles.pods().map(PodFiles::name);
  }

  static Stream<String> namesOfThoseThatChange() {
    return PodFiles.pods()
        .filter(pod -> says(pod, "then/phase") || says(pod, "then/output"))
        .map(PodFiles::name);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void becomesWhatItsAnnotationsSay(String name) {
    JsonNode pod = pods.get(name);
    JsonNode container = pod.at("/status/containerStatuses/0/state");
    assertThat(pod.at("/metadata/generation").asLong()).isEqualTo(1);
    assertThat(pod.at("/status/observedGeneration").asLong()).isEqualTo(1);
    if (says(pod, "expect/waiting")) {
      assertThat(container.at("/waiting/reason").asText()).isEqualTo(said(pod, "expect/waiting"));
      assertThat(container.at("/waiting/message").asText())
          .contains(said(pod, "expect/waitingMessage"));
      return;
    }
    if (says(pod, "expect/output")) {
      assertThat(outputs.getOrDefault(name + "/main", "")).isEqualTo(said(pod, "expect/output"));
    }
    assertThat(pod.at("/status/phase").asText())
        .isEqualTo(says(pod, "expect/phase") ? said(pod, "expect/phase") : "Succeeded");
    if (says(pod, "expect/reason")) {
      assertThat(container.at("/terminated/reason").asText()).isEqualTo(said(pod, "expect/reason"));
    }
    if (says(pod, "expect/exitCode")) {
      assertThat(container.at("/terminated/exitCode").asText())
          .isEqualTo(said(pod, "expect/exitCode"));
    }
    if (says(pod, "expect/message")) {
      assertThat(container.at("/terminated/message").asText())
          .isEqualTo(said(pod, "expect/message"));
    }
    assertThat(pod.at("/status/reason").asText()).isEqualTo(said(pod, "expect/podReason"));
    assertThat(pod.at("/status/message").asText()).contains(said(pod, "expect/podMessage"));
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

  @ParameterizedTest(name = "{0}")
  @MethodSource("namesOfThoseThatChange")
  void becomesWhatItsAnnotationsSayOnceItChanges(String name) {
    JsonNode pod = changed.get(name);
    if (says(pod, "then/phase")) {
      assertThat(pod.at("/status/phase").asText()).isEqualTo(said(pod, "then/phase"));
    }
    if (says(pod, "then/output")) {
      assertThat(lastLinesOf(pod)).isEqualTo(said(pod, "then/output"));
    }
    if (says(pod, "change/resources")) {
      String generation = says(pod, "then/generation") ? said(pod, "then/generation") : "2";
      assertThat(pod.at("/metadata/generation").asText()).isEqualTo(generation);
      assertThat(pod.at("/status/observedGeneration").asText()).isEqualTo(generation);
      assertThat(pod.at("/status/containerStatuses"))
          .allSatisfy(status -> assertThat(status.path("restartCount").asInt()).isZero());
    }
  }

  @Test
  void debuggersAreAddedOneAfterAnotherToAPodThatRuns() {
    Kubectl kubectl = cluster.product().kubectl();
    String debug = "debug debugged -n %s --image=%s ".formatted(NAMESPACE, BusyboxImage.NAME);
    String logs = "logs debugged -n " + NAMESPACE + " -c ";
    kubectl.run(debug + "-c first -- echo one").succeeded();
    kubectl.run(debug + "-c second --target=main -- echo two").succeeded();

    kubectl.await(logs + "first", "one");
    kubectl.await(logs + "second", "two");
    assertThat(kubectl.ok("get pod debugged -o jsonpath={.status.phase} -n " + NAMESPACE))
        .isEqualTo("Running");
  }

  @Test
  void aNodeIsLookedIntoFromAPodOnIt() {
    Kubectl kubectl = cluster.product().kubectl();
    String node = kubectl.ok("get nodes -o name");
    kubectl
        .run(
            "debug %s -n default --image=%s -- cat /host/proc/sys/kernel/hostname"
                .formatted(node, BusyboxImage.NAME))
        .succeeded();

    String pod =
        kubectl.ok("get pods -n default -l app.kubernetes.io/managed-by=kubectl-debug -o name");
    kubectl.await("logs -n default " + pod, hostname());
  }

  private static String hostname() {
    return Run.of(List.of("cat", "/proc/sys/kernel/hostname"), Map.of(), BOUND).out().strip();
  }

  private static boolean isDecided(JsonNode pod) {
    return says(pod, "expect/waiting")
        ? !pod.at("/status/containerStatuses/0/state/waiting/reason")
            .asText("ContainerCreating")
            .equals("ContainerCreating")
        : ENDED.contains(pod.at("/status/phase").asText())
            || said(pod, "expect/phase").equals(pod.at("/status/phase").asText());
  }

  private static boolean isChanged(JsonNode pod) {
    boolean phase =
        !says(pod, "then/phase")
            || said(pod, "then/phase").equals(pod.at("/status/phase").asText());
    return phase && (!says(pod, "change/resources") || PodChanges.areAsLargeAsWanted(pod));
  }

  private static boolean hasTold(JsonNode pod) {
    return !says(pod, "then/output") || said(pod, "then/output").equals(lastLinesOf(pod));
  }

  private static Map<String, JsonNode> pods(Kubectl kubectl) {
    Map<String, JsonNode> found = new HashMap<>();
    PodFiles.read(kubectl.ok("get pods -o json -n " + NAMESPACE))
        .path("items")
        .forEach(pod -> found.put(PodFiles.name(pod), pod));
    return found;
  }

  /** What containers printed, by {@code pod/container}, by one request. */
  private static Map<String, String> outputs(Kubectl kubectl, String which) {
    Map<String, String> found = new HashMap<>();
    String prefix = "[pod/";
    String lines =
        kubectl
            .run("logs -n %s --prefix --max-log-requests=100 -l ".formatted(NAMESPACE) + which)
            .succeeded()
            .out();
    for (String line : lines.lines().toList()) {
      int end = line.indexOf("] ");
      found.merge(
          line.substring(prefix.length(), end), line.substring(end + 2) + "\n", String::concat);
    }
    return found;
  }

  private static String lastLinesOf(JsonNode pod) {
    StringBuilder lines = new StringBuilder();
    for (JsonNode container : pod.at("/spec/containers")) {
      lines.append(
          lastLines.getOrDefault(PodFiles.name(pod) + "/" + container.path("name").asText(), ""));
    }
    return lines.toString();
  }
}
