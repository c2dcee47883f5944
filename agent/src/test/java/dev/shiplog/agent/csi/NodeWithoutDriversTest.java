package dev.shiplog.agent.csi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.testing.ManualTimers;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeWithoutDriversTest {

  private final ManualTimers timers = new ManualTimers(Instant.parse("2026-01-01T00:00:00Z"));
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final InMemoryCluster cluster = new InMemoryCluster();
  private final NodeWithoutDrivers told =
      new NodeWithoutDrivers(
          new AgentServices(cluster, timers, Runnable::run, new Random(1), faults));

  @AfterEach
  void close() {
    told.close();
    faults.assertNone();
  }

  private static Node node(String uid) {
    return new NodeBuilder().withNewMetadata().withName("east").withUid(uid).endMetadata().build();
  }

  private OwnerReference owner() {
    return cluster
        .storage()
        .csiNode("east")
        .orElseThrow()
        .getMetadata()
        .getOwnerReferences()
        .getFirst();
  }

  @Test
  void itHasACsiNodeThatGoesWithTheNode() {
    told.tellOf(node("first"));

    assertThat(owner().getKind()).isEqualTo("Node");
    assertThat(owner().getName()).isEqualTo("east");
    assertThat(owner().getUid()).isEqualTo("first");
  }

  @Test
  void theOneThatIsThereStaysAsItIs() {
    told.tellOf(node("first"));
    CSINode made = cluster.storage().csiNode("east").orElseThrow();

    told.tellOf(node("first"));
    timers.advance(Duration.ofHours(1));

    assertThat(cluster.storage().csiNode("east")).contains(made);
  }

  @Test
  void whatAnEarlierNodeOfTheNameLeftIsWaitedFor() {
    told.tellOf(node("first"));
    told.tellOf(node("second"));
    assertThat(owner().getUid()).isEqualTo("first");

    cluster.storage().removeCsiNode("east");
    timers.advance(NodeWithoutDrivers.AGAIN.multipliedBy(2));

    assertThat(owner().getUid()).isEqualTo("second");
  }
}
