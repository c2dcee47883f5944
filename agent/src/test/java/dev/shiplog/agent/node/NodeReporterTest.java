package dev.shiplog.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.csi.NodeStorage;
import dev.shiplog.agent.testing.ControlledRuntime;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.testing.ManualTimers;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeReporterTest {

  private static final String NAME = "east";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration TURN = Duration.ofSeconds(11);

  private final ManualTimers timers = new ManualTimers(START);
  private final InMemoryCluster cluster = new InMemoryCluster();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private NodeSettings settings;
  private AgentServices services;
  private NodeReporter reporter;

  @BeforeEach
  void start(@TempDir Path directory) {
    settings = TestSettings.in(directory);
    services = new AgentServices(cluster, timers, threads, new Random(1), faults);
    reporter = new NodeReporter(settings, services, new ControlledRuntime(timers));
    reporter.start();
    reporter.registered().join();
    await().until(() -> cluster.lease(NodeLease.NAMESPACE, NAME).isPresent());
  }

  @AfterEach
  void stop() {
    reporter.close();
    threads.close();
  }

  @Test
  void theStatusTellsWhatVolumesAreInUseAndThatNoneIsAnyMore() {
    NodeStatus used =
        NodeObject.patch(
            new NodeStatusBuilder().withVolumesInUse("kubernetes.io/csi/a^1").build(), List.of());
    NodeStatus unused = NodeObject.patch(new NodeStatusBuilder().build(), List.of());

    assertThat(KubernetesJson.write(used)).contains("\"volumesInUse\":[\"kubernetes.io/csi/a^1\"]");
    assertThat(KubernetesJson.write(unused)).contains("\"volumesInUse\":[]");
  }

  @Test
  void aNodeThatMountsVolumesOfDriversLeavesItToTheControllerToAttachThem() {
    assertThat(annotations()).doesNotContainKey(NodeObject.ATTACHED_BY_CONTROLLER);
    reporter.close();
    reporter = new NodeReporter(settings, services, new ControlledRuntime(timers));
    reporter.tellOf(new NodeStorage(NAME, settings.dataDirectory(), services).volumes());
    reporter.start();
    reporter.registered().join();

    assertThat(annotations()).containsEntry(NodeObject.ATTACHED_BY_CONTROLLER, "true");
  }

  private Map<String, String> annotations() {
    return cluster.node(NAME).orElseThrow().getMetadata().getAnnotations();
  }

  @Test
  void aNodeThatShutsDownSaysThatItIsNotReady() {
    reporter.shuttingDown();

    await()
        .until(() -> {
          NodeCondition ready =
              cluster.node(NAME).orElseThrow().getStatus().getConditions().stream()
                  .filter(each -> each.getType().equals("Ready"))
                  .findFirst()
                  .orElseThrow();
          return ready.getStatus().equals("False")
              && ready.getMessage().equals("node is shutting down");
        });
  }

  @Test
  void aNodeThatWasCutOffForLongSaysThatItIsReadyAgainAsSoonAsItIsBack() {
    Node gone = unknown(cluster.node(NAME).orElseThrow());
    cutOffForLong(gone);

    awaitReady(TURN);
    assertThat(Instant.parse(ready().getLastTransitionTime()))
        .as("when it became ready again")
        .isAfterOrEqualTo(START.plus(TURN.multipliedBy(6)));
  }

  @Test
  void aNodeThatWasCutOffComesBackAtOnceWhenItsClockWasSetBack() {
    Node gone = unknown(cluster.node(NAME).orElseThrow());
    timers.setClock(Duration.ofHours(-1));
    cutOffForLong(gone);

    awaitReady(TURN);
  }

  @Test
  void whatWasDecidedOfANodeBeforeItsReturnAndIsWrittenAfterItIsCorrected() {
    Node gone = unknown(cluster.node(NAME).orElseThrow());
    cutOffForLong(gone);
    awaitReady(TURN.dividedBy(10));

    cluster.put(gone);

    awaitReady(TURN.dividedBy(10));
  }

  private void cutOffForLong(Node meanwhile) {
    cluster.cutOff();
    for (int turn = 0; turn < 6; turn++) {
      timers.advance(TURN);
    }
    cluster.put(meanwhile);
    cluster.reconnect();
  }

  /** It takes some hundred steps at most. */
  private void awaitReady(Duration step) {
    await()
        .until(() -> {
          timers.advance(step);
          return ready().getStatus().equals("True");
        });
  }

  /** As the node controller does once the lease has run out. */
  private static Node unknown(Node node) {
    List<NodeCondition> unknown =
        node.getStatus().getConditions().stream()
            .map(condition ->
                condition.toBuilder()
                    .withStatus("Unknown")
                    .withLastTransitionTime(START.plusSeconds(41).toString())
                    .build())
            .toList();
    return new NodeBuilder(node).editStatus().withConditions(unknown).endStatus().build();
  }

  private NodeCondition ready() {
    return cluster.node(NAME).orElseThrow().getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .findFirst()
        .orElseThrow();
  }
}
