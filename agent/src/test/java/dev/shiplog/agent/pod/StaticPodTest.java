package dev.shiplog.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.staticpods.Mirrors;
import dev.shiplog.agent.staticpods.StaticPods;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that a file of the node tells of, and what the cluster is shown of them. */
final class StaticPodTest {

  private static final Duration LOOK = Duration.ofSeconds(3);

  @TempDir private Path directory;
  private TestNode node;
  private StaticPods staticPods;
  private final CompletableFuture<Node> registered = new CompletableFuture<>();

  @BeforeEach
  void open() throws Exception {
    node = new TestNode(directory);
    AgentServices services = node.services();
    Path files = Files.createDirectories(directory.resolve("static-pods"));
    Files.writeString(
        files.resolve("web.yaml"),
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: main, image: "example.com/main:1"}]}
        """);
    staticPods = new StaticPods(files, "east", services, node.pods, registered);
    staticPods.start();
  }

  @AfterEach
  void close() {
    staticPods.close();
    node.close();
  }

  private void join() {
    node.pods.snapshot(List.of());
    registered.complete(
        new NodeBuilder().withNewMetadata().withName("east").withUid("n").endMetadata().build());
  }

  private Optional<Pod> mirror() {
    return node.cluster.pod("default", "web-east");
  }

  private void look() {
    await().until(() -> node.timers.nextDue().isPresent());
    node.timers.advance(LOOK);
  }

  @Test
  void itRunsBeforeTheClusterIsThere() {
    await().until(() -> !node.runtime.pods().isEmpty());

    assertThat(mirror()).isEmpty();
  }

  @Test
  void theClusterIsShownAMirrorWithItsStatus() {
    join();
    await()
        .until(() -> {
          look();
          return mirror()
              .map(Pod::getStatus)
              .filter(s -> "Running".equals(s.getPhase()))
              .isPresent();
        });

    assertThat(Mirrors.isMirror(mirror().orElseThrow())).isTrue();
    assertThat(node.runtime.pods()).hasSize(1);
  }

  @Test
  void aMirrorThatIsDeletedComesBackAndThePodRunsOn() {
    join();
    await()
        .until(() -> {
          look();
          return mirror().isPresent();
        });
    String first = mirror().orElseThrow().getMetadata().getUid();

    node.delete("web-east", 30);

    await()
        .until(() -> {
          look();
          return mirror().filter(m -> !m.getMetadata().getUid().equals(first)).isPresent();
        });
    assertThat(node.runtime.pods()).hasSize(1);
  }

  @Test
  void withItsFileThePodAndItsMirrorGo() throws Exception {
    join();
    await()
        .until(() -> {
          look();
          return mirror().isPresent();
        });

    Files.delete(directory.resolve("static-pods/web.yaml"));

    await()
        .until(() -> {
          look();
          return mirror().isEmpty() && node.runtime.pods().isEmpty();
        });
  }
}
