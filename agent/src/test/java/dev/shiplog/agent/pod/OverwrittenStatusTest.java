package dev.shiplog.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While nothing is heard of a node, others say that its pods are not ready. */
class OverwrittenStatusTest extends OnTestNode {

  @BeforeEach
  void start() {
    node.run("web");
  }

  @Test
  void thePodIsToldToBeReadyAgain() {
    overwrite();

    node.passUntil(this::isReady);
  }

  @Test
  void whatIsOverwrittenAgainAtOnceIsToldAgainToo() {
    overwrite();
    node.passUntil(this::isReady);
    overwrite();

    node.passUntil(this::isReady);
  }

  @Test
  void whatWasOverwrittenAndIsAsTheNodeSaysAgainIsNotTold() {
    overwrite();
    node.passUntil(this::isReady);
    Pod ready = pod();
    overwrite();
    node.cluster.put(ready);
    int told = node.cluster.statusWrites();

    node.timers.advance(Duration.ofSeconds(11));
    node.assign(TestPods.pod("other", TestPods.container("main").build()).build());
    node.awaitReady("other");

    assertThat(isReady()).isTrue();
    assertThat(node.cluster.statusWrites() - told).as("of the other pod").isLessThanOrEqualTo(2);
  }

  private void overwrite() {
    node.cluster.put(
        new PodBuilder(pod())
            .editStatus()
            .editMatchingCondition(condition -> condition.getType().equals("Ready"))
            .withStatus("False")
            .endCondition()
            .endStatus()
            .build());
  }

  private boolean isReady() {
    return node.condition("web", "Ready").getStatus().equals("True");
  }

  private Pod pod() {
    return node.cluster.pod(TestNode.NAMESPACE, "web").orElseThrow();
  }
}
