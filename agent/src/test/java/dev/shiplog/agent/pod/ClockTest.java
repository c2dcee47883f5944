package dev.shiplog.agent.pod;

import static dev.shiplog.agent.pod.TestPods.container;
import static dev.shiplog.agent.pod.TestPods.drained;
import static dev.shiplog.agent.pod.TestPods.pod;
import static dev.shiplog.agent.pod.TestPods.uid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.runtime.ExecResult;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A node whose clock is set to another time while pods run: for them, nothing has happened. */
final class ClockTest extends OnTestNode {

  private static final Duration AHEAD = Duration.ofHours(1);
  private static final Duration BACK = AHEAD.negated();

  @Test
  void aContainerThatWaitsForItsRestartWaitsNoLongerWhenTheClockIsSetBack() {
    node.run("web");
    node.runtime.exit(uid("web"), "main", 1);
    node.awaitRun("web", "main", 1);
    node.runtime.exit(uid("web"), "main", 1);
    node.awaitWaiting("web", "main", "CrashLoopBackOff");

    node.timers.setClock(BACK);
    node.pass(Duration.ofSeconds(10));

    node.awaitRun("web", "main", 2);
  }

  @Test
  void anImageIsPulledAgainInTimeWhenTheClockIsSetBack() {
    node.runtime.fail("pullImage", new RuntimeRefusedException("ErrImagePull", "no tag", null));
    node.assign(pod("web", container("main").build()).build());
    node.awaitWaiting("web", "main", "ErrImagePull");

    node.timers.setClock(BACK);
    node.runtime.allow("pullImage");
    node.passUntil(() -> "Running".equals(node.status("web").getPhase()));
  }

  @Test
  void aPodHasItsTimeWhenTheClockIsSetAhead() {
    Pod limited =
        new PodBuilder(pod("web", container("main").build()).build())
            .editSpec()
            .withActiveDeadlineSeconds(600L)
            .endSpec()
            .build();
    node.assign(limited);
    node.awaitReady("web");

    node.timers.setClock(AHEAD);
    node.runtime.exit(uid("web"), "main", 1);
    node.awaitRun("web", "main", 1);
    assertThat(node.status("web").getPhase()).isEqualTo("Running");

    node.timers.advance(Duration.ofMinutes(10));
    node.awaitPhase("web", "Failed");
    assertThat(node.status("web").getReason()).isEqualTo("DeadlineExceeded");
  }

  @Test
  void aContainerIsProbedOnWhenTheClockIsSetBackUnderAProbe() {
    AtomicBoolean first = new AtomicBoolean(true);
    node.runtime.onExec((container, command) -> {
      if (first.getAndSet(false)) {
        node.timers.setClock(BACK);
        return new ExecResult(0, false, "", "");
      }
      return new ExecResult(1, false, "", "");
    });
    Container main =
        container("main")
            .withNewReadinessProbe()
            .withNewExec()
            .withCommand("check")
            .endExec()
            .withFailureThreshold(1)
            .withPeriodSeconds(5)
            .endReadinessProbe()
            .build();
    node.assign(pod("web", main).build());

    node.passUntil(() -> node.eventReasons().contains("Unhealthy"));
  }

  @Test
  void aStatusThatSomebodyOverwroteIsToldAgainWhenTheClockIsSetBack() {
    node.run("web");

    int told = node.cluster.statusWrites();

    node.timers.setClock(BACK);

    Pod pod = node.cluster.pod(TestNode.NAMESPACE, "web").orElseThrow();
    await()
        .until(() -> {
          boolean toldAgain = node.cluster.statusWrites() > told;
          if (!toldAgain) {
            node.timers.advance(Duration.ofSeconds(11));
            node.assign(new PodBuilder(pod).withStatus(new PodStatus()).build());
          }
          return toldAgain;
        });
  }

  @Test
  void aContainerHasAllItsGraceWhenTheClockIsSetAheadUnderItsPreStopHook() {
    node.runtime.onExec((container, command) -> {
      node.timers.setClock(AHEAD);
      return new ExecResult(0, false, "", "");
    });
    node.assign(pod("web", drained("main")).build());
    node.awaitReady("web");

    node.delete("web", 30);

    node.awaitGone("web");
    assertThat(node.runtime.calls("stopContainer")).containsExactly("stopContainer main 30s");
  }
}
