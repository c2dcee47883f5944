package dev.shiplog.agent.pod;

import static dev.shiplog.agent.pod.TestPods.container;
import static dev.shiplog.agent.pod.TestPods.drained;
import static dev.shiplog.agent.pod.TestPods.pod;
import static dev.shiplog.agent.pod.TestPods.uid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.runtime.ExecResult;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How containers are watched, restarted and ended, and pods with them. */
final class PodEndTest extends OnTestNode {

  private static final ExecResult SUCCESS = new ExecResult(0, false, "", "");
  private static final ExecResult FAILURE = new ExecResult(1, false, "", "not well");

  @Test
  void aDeletedPodsContainersGetItsGraceAndThenItIsGone() {
    node.run("web");

    node.delete("web", 7);

    node.awaitGone("web");
    assertThat(node.runtime.calls("stopContainer")).containsExactly("stopContainer main 7s");
    assertThat(node.runtime.pods()).isEmpty();
  }

  @Test
  void aPreStopHookRunsBeforeItsContainerIsStopped() {
    node.runtime.onExec((container, command) -> SUCCESS);
    node.assign(pod("web", drained("main")).build());
    node.awaitReady("web");

    node.delete("web", 30);

    node.awaitGone("web");
    assertThat(node.runtime.calls())
        .containsSubsequence("exec main drain", "stopContainer main 30s");
  }

  @Test
  void sidecarsEndAfterTheOthersTheLastOneFirst() {
    node.assign(
        pod("web", container("main").build())
            .editSpec()
            .withInitContainers(
                container("outer").withRestartPolicy("Always").build(),
                container("inner").withRestartPolicy("Always").build())
            .endSpec()
            .build());
    node.awaitReady("web");

    node.delete("web", 30);

    node.awaitGone("web");
    assertThat(node.runtime.calls("stopContainer"))
        .containsExactly(
            "stopContainer main 30s", "stopContainer inner 30s", "stopContainer outer 30s");
  }

  @Test
  void aContainerThatFailsIsStartedAgainAfterAWhile() {
    node.run("web");

    node.runtime.exit(uid("web"), "main", 1);
    node.awaitRun("web", "main", 1);
    node.runtime.exit(uid("web"), "main", 1);
    node.awaitWaiting("web", "main", "CrashLoopBackOff");
    node.pass(Duration.ofSeconds(10));

    node.awaitRun("web", "main", 2);
    assertThat(node.container("web", "main").getLastState().getTerminated().getExitCode())
        .isEqualTo(1);
  }

  @Test
  void aPodThatIsNotToBeRestartedSucceedsOrFailsWithItsContainers() {
    node.assign(
        pod("good", container("main").build())
            .editSpec()
            .withRestartPolicy("Never")
            .endSpec()
            .build());
    node.assign(
        pod("bad", container("main").build())
            .editSpec()
            .withRestartPolicy("Never")
            .endSpec()
            .build());
    node.awaitReady("good");
    node.awaitReady("bad");

    node.runtime.exit(uid("good"), "main", 0);
    node.runtime.exit(uid("bad"), "main", 4);

    node.awaitPhase("good", "Succeeded");
    node.awaitPhase("bad", "Failed");
    assertThat(node.container("bad", "main").getState().getTerminated().getExitCode()).isEqualTo(4);
  }

  @Test
  void aPodThatTakesLongerThanItMayFails() {
    node.assign(
        pod("slow", container("main").build())
            .editSpec()
            .withActiveDeadlineSeconds(60L)
            .endSpec()
            .build());
    node.awaitReady("slow");

    node.pass(Duration.ofSeconds(60));

    node.awaitPhase("slow", "Failed");
    assertThat(node.status("slow").getReason()).isEqualTo("DeadlineExceeded");
  }

  @Test
  void aContainerWhoseLivenessProbeFailsIsStartedAgain() {
    AtomicBoolean asked = new AtomicBoolean();
    node.runtime.onExec((container, command) -> asked.getAndSet(true) ? SUCCESS : FAILURE);
    Container main =
        container("main")
            .withNewLivenessProbe()
            .withNewExec()
            .withCommand("check")
            .endExec()
            .withFailureThreshold(1)
            .withPeriodSeconds(5)
            .endLivenessProbe()
            .build();
    node.assign(pod("web", main).build());

    node.passUntil(() -> node.eventReasons().contains("Unhealthy"));
    node.awaitRun("web", "main", 1);
    assertThat(node.eventReasons()).contains("Killing");
  }

  @Test
  void aPodIsReadyOnceItsGrpcServerSaysThatItServes() {
    node.network.answerHealth("NOT_SERVING");
    Container main =
        container("main")
            .withNewReadinessProbe()
            .withNewGrpc()
            .withPort(9000)
            .withService("orders")
            .endGrpc()
            .withPeriodSeconds(5)
            .endReadinessProbe()
            .build();
    node.assign(pod("web", main).build());
    node.passUntil(() -> node.eventReasons().contains("Unhealthy"));
    assertThat(node.condition("web", "Ready").getStatus()).isEqualTo("False");
    assertThat(node.cluster.events())
        .anyMatch(event ->
            event
                .getMessage()
                .equals(
                    "Readiness probe failed: service unhealthy (responded with"
                        + " \"NOT_SERVING\")"));

    node.network.answerHealth("SERVING");
    node.passUntil(() -> node.condition("web", "Ready").getStatus().equals("True"));
  }

  @Test
  void aPodThatWantsAKernelParameterOfTheWholeNodeNeverRuns() {
    node.assign(
        new PodBuilder(pod("tuned", container("main").build()).build())
            .editSpec()
            .withNewSecurityContext()
            .addNewSysctl("kernel.msgmax", "1")
            .endSecurityContext()
            .endSpec()
            .build());

    node.awaitPhase("tuned", "Failed");
    assertThat(node.status("tuned").getReason()).isEqualTo("SysctlForbidden");
    assertThat(node.status("tuned").getMessage())
        .isEqualTo("Pod was rejected: forbidden sysctl: \"kernel.msgmax\" not allowlisted");
    assertThat(node.runtime.pods()).isEmpty();
  }
}
