package dev.shiplog.agent.pod;

import static dev.shiplog.agent.pod.TestPods.container;
import static dev.shiplog.agent.pod.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.pod.ShutdownPeriods.Group;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that shuts down, and what becomes of its pods. */
final class ShutdownTest extends OnTestNode {

  private static final ShutdownPeriods PERIODS =
      ShutdownPeriods.of(Duration.ofSeconds(40), Duration.ofSeconds(20));
  private static final int CRITICAL = 2_000_001_000;

  @Test
  void aPodThatTheNodesShutdownEndsHasFailedAndTheNodeSaysWhy() {
    run("web", 0);

    node.pods.shutDown(PERIODS);

    assertThat(node.status("web").getPhase()).isEqualTo("Failed");
    assertThat(node.status("web").getReason()).isEqualTo("Terminated");
    assertThat(node.status("web").getMessage())
        .isEqualTo("Pod was terminated in response to imminent node shutdown.");
    assertThat(node.status("web").getConditions())
        .anyMatch(each -> each.getType().equals("DisruptionTarget"));
  }

  @Test
  void criticalPodsEndAfterAllOthers() {
    run("critical", CRITICAL);
    run("web", 0);

    node.pods.shutDown(PERIODS);

    assertThat(node.runtime.calls("stopContainer"))
        .containsExactly("stopContainer web 20s", "stopContainer critical 20s");
  }

  @Test
  void aPodHasNoMoreTimeThanItsGroup() {
    run("web", 0);

    node.pods.shutDown(new ShutdownPeriods(List.of(new Group(0, Duration.ofSeconds(7)))));

    assertThat(node.runtime.calls("stopContainer")).containsExactly("stopContainer web 7s");
  }

  @Test
  void aPodThatComesDuringTheShutdownIsRefused() {
    node.pods.shutDown(PERIODS);

    node.assign(withPriority("late", 0));

    await().until(() -> "NodeShutdown".equals(node.status("late").getReason()));
    assertThat(node.status("late").getPhase()).isEqualTo("Failed");
    assertThat(node.status("late").getMessage())
        .isEqualTo("Pod was rejected: Pod was rejected as the node is shutting down.");
  }

  @Test
  void aPodBelongsToTheGroupOfTheNextLowerPriority() {
    ShutdownPeriods periods = ShutdownPeriods.parse("1000=30, 0=20,100000=60");

    assertThat(periods.of(999).priority()).isZero();
    assertThat(periods.of(1000).priority()).isEqualTo(1000);
    assertThat(periods.of(CRITICAL).period()).isEqualTo(Duration.ofSeconds(60));
    assertThat(periods.of(-5).priority()).isZero();
  }

  @Test
  void periodsThatContradictThemselvesAreRefused() {
    assertThatThrownBy(() -> ShutdownPeriods.of(Duration.ofSeconds(5), Duration.ofSeconds(6)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ShutdownPeriods.parse("0=5,0=6"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ShutdownPeriods.parse("often"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ShutdownPeriods.of(Duration.ZERO, Duration.ZERO).isNone()).isTrue();
  }

  private void run(String name, int priority) {
    node.assign(withPriority(name, priority));
    node.awaitReady(name);
  }

  private static Pod withPriority(String name, int priority) {
    return new PodBuilder(pod(name, container(name).build()).build())
        .editSpec()
        .withPriority(priority)
        .endSpec()
        .build();
  }
}
