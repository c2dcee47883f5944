package dev.shiplog.agent.pod;

import static dev.shiplog.agent.pod.TestPods.uid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.cluster.KubernetesJson;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pod that nothing happens to is kept as its JSON, and nobody can tell. */
class FoldedPodTest extends OnTestNode {

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  @BeforeEach
  void start() {
    node.run("web");
  }

  @Test
  void itIsShownAsItWas() {
    String before = KubernetesJson.write(kept());

    leaveAlone();

    assertThat(KubernetesJson.write(kept())).isEqualTo(before);
  }

  @Test
  void nothingIsToldAnewWhenItIsLookedAtAgain() {
    leaveAlone();
    int told = node.cluster.statusWrites();

    node.assign(node.cluster.pod("default", "web").orElseThrow());
    leaveAlone();

    assertThat(node.cluster.statusWrites()).isEqualTo(told);
  }

  @Test
  void itsContainersAreStartedAgain() {
    leaveAlone();

    node.runtime.exit(uid("web"), "main", 1);

    node.awaitRun("web", "main", 1);
  }

  @Test
  void itEndsAsAnyOther() {
    leaveAlone();

    node.delete("web", 0);

    node.awaitGone("web");
    await().until(() -> node.pods.pods().isEmpty());
  }

  /** Once it is folded, whoever looks at it makes the objects anew. */
  private void leaveAlone() {
    await()
        .untilAsserted(() -> {
          node.timers.advance(LONG_ENOUGH);
          assertThat(kept()).isNotSameAs(kept());
        });
  }

  private Pod kept() {
    return node.pods.pod("default", "web").orElseThrow();
  }
}
