package dev.shiplog.agent.pod;

import static dev.shiplog.agent.pod.TestPods.container;
import static dev.shiplog.agent.pod.TestPods.pod;
import static dev.shiplog.agent.pod.TestPods.uid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.RuntimeUnavailableException;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PodStartTest extends OnTestNode {

  @Test
  void aPodThatIsAssignedRunsAndIsReady() {
    node.run("web");
    assertThat(node.status("web").getPhase()).isEqualTo("Running");
    assertThat(node.status("web").getPodIP()).startsWith("10.1.0.");
    assertThat(node.status("web").getHostIP()).isEqualTo("192.0.2.1");
    assertThat(node.status("web").getStartTime()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(node.status("web").getQosClass()).isEqualTo("BestEffort");
  }

  @Test
  void everyConditionOfARunningPodIsTrue() {
    node.run("web");
    assertThat(node.status("web").getConditions())
        .allSatisfy(condition -> assertThat(condition.getStatus()).isEqualTo("True"))
        .extracting(condition -> condition.getType())
        .containsExactly(
            "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");
  }

  @Test
  void aRunningContainersStatusSaysWhatRuns() {
    node.run("web");
    ContainerStatus status = node.container("web", "main");
    String id = node.runtime.newest(uid("web"), "main").id();
    assertThat(status.getContainerID()).isEqualTo("controlled://" + id);
    assertThat(status.getImage()).isEqualTo("example.com/main:1");
    assertThat(status.getImageID()).isNotEmpty();
    assertThat(status.getRestartCount()).isZero();
    assertThat(status.getStarted()).isTrue();
    assertThat(status.getState().getRunning().getStartedAt()).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void theUserIsToldOfEachStep() {
    node.assign(pod("web", container("main").build()).build());

    await().until(() -> node.eventReasons().contains("Started"));
    assertThat(node.eventReasons()).containsExactly("Pulling", "Pulled", "Created", "Started");
    assertThat(node.cluster.events())
        .allSatisfy(event ->
            assertThat(event.getInvolvedObject().getFieldPath())
                .isEqualTo("spec.containers{main}"));
  }

  @Test
  void allContainersOfAPodRun() {
    node.assign(pod("web", container("one").build(), container("two").build()).build());

    node.awaitReady("web");
    node.awaitRun("web", "one", 0);
    node.awaitRun("web", "two", 0);
  }

  @Test
  void aPodThatRunsAtOnceIsToldOfOnce() {
    node.run("web");

    assertThat(node.cluster.statusWrites()).isEqualTo(1);
  }

  @Test
  void aPodThatTakesItsTimeIsSaidToBegin() {
    node.runtime.hold("pullImage");
    node.assign(pod("web", container("main").build()).build());

    node.pass(StatusPublisher.FIRST_WORD_WITHIN);
    node.awaitWaiting("web", "main", "ContainerCreating");

    node.runtime.release("pullImage");
    node.awaitReady("web");
  }

  @Test
  void aPodIsReadyOnlyOnceAllItsContainersAre() {
    node.runtime.hold("pullImage");
    node.assign(
        pod("web", container("one").build(), container("two").withImagePullPolicy("Never").build())
            .build());

    node.awaitWaiting("web", "two", "ErrImageNeverPull");
    node.runtime.release("pullImage");
    node.awaitRun("web", "one", 0);
    assertThat(node.condition("web", "Ready").getReason()).isEqualTo("ContainersNotReady");
    assertThat(node.condition("web", "Ready").getMessage())
        .isEqualTo("containers with unready status: [two]");
    assertThat(node.status("web").getPhase()).isEqualTo("Pending");
  }

  @Test
  void initContainersRunOneAfterAnotherBeforeTheOthers() {
    node.assign(
        pod("web", container("main").build())
            .editSpec()
            .withInitContainers(container("first").build(), container("second").build())
            .endSpec()
            .build());

    node.awaitRun("web", "first", 0);
    assertThat(node.container("web", "main").getState().getWaiting().getReason())
        .isEqualTo("PodInitializing");
    node.runtime.exit(uid("web"), "first", 0);
    node.awaitRun("web", "second", 0);
    assertThat(node.condition("web", "Initialized").getMessage())
        .isEqualTo("containers with incomplete status: [second]");
    node.runtime.exit(uid("web"), "second", 0);

    node.awaitReady("web");
    assertThat(node.runtime.calls("startContainer"))
        .containsExactly("startContainer first", "startContainer second", "startContainer main");
  }

  @Test
  void anInitContainerThatFailsIsRepeatedBeforeTheOthersStart() {
    node.assign(
        pod("web", container("main").build())
            .editSpec()
            .withInitContainers(container("first").build())
            .endSpec()
            .build());

    node.awaitRun("web", "first", 0);
    node.runtime.exit(uid("web"), "first", 1);
    node.awaitRun("web", "first", 1);
    assertThat(node.status("web").getPhase()).isEqualTo("Pending");
    node.runtime.exit(uid("web"), "first", 0);

    node.awaitReady("web");
  }

  @Test
  void anInitContainerThatFailsWithoutRestartsFailsThePod() {
    node.assign(
        pod("web", container("main").build())
            .editSpec()
            .withRestartPolicy("Never")
            .withInitContainers(container("first").build())
            .endSpec()
            .build());

    node.awaitRun("web", "first", 0);
    node.runtime.exit(uid("web"), "first", 3);

    node.awaitPhase("web", "Failed");
    assertThat(node.runtime.calls("startContainer")).containsExactly("startContainer first");
  }

  @Test
  void aSidecarRunsBesideWhatComesAfterIt() {
    node.assign(
        pod("web", container("main").build())
            .editSpec()
            .withInitContainers(
                container("proxy").withRestartPolicy("Always").build(), container("setup").build())
            .endSpec()
            .build());

    node.awaitRun("web", "setup", 0);
    node.awaitRun("web", "proxy", 0);
    node.runtime.exit(uid("web"), "setup", 0);

    node.awaitReady("web");
    node.awaitRun("web", "proxy", 0);
  }

  @Test
  void aMissingConfigMapIsSaidAndWaitedFor() {
    node.assign(
        pod(
                "web",
                container("main")
                    .addNewEnvFrom()
                    .withNewConfigMapRef("settings", false)
                    .endEnvFrom()
                    .build())
            .build());

    node.awaitWaiting("web", "main", "CreateContainerConfigError");
    assertThat(node.container("web", "main").getState().getWaiting().getMessage())
        .isEqualTo("configmap \"settings\" not found");

    node.cluster.put(
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("settings")
            .endMetadata()
            .addToData("COLOUR", "blue")
            .build());
    node.pass(Duration.ofSeconds(1));

    node.awaitReady("web");
    assertThat(node.runtime.created().getLast().environment())
        .anySatisfy(variable -> {
          assertThat(variable.name()).isEqualTo("COLOUR");
          assertThat(variable.value()).isEqualTo("blue");
        });
  }

  @Test
  void aVolumeThatCannotBePreparedKeepsThePodWaiting() {
    node.assign(
        pod("web", container("main").build())
            .editSpec()
            .addNewVolume()
            .withName("keys")
            .withNewSecret()
            .withSecretName("keys")
            .endSecret()
            .endVolume()
            .endSpec()
            .build());

    await().until(() -> node.eventReasons().contains("FailedMount"));
    node.pass(StatusPublisher.FIRST_WORD_WITHIN);
    node.awaitWaiting("web", "main", "ContainerCreating");
    assertThat(node.cluster.events().getFirst().getMessage())
        .isEqualTo("MountVolume.SetUp failed for volume \"keys\" : secret \"keys\" not found");
    assertThat(node.runtime.calls("startSandbox")).isEmpty();
  }

  @Test
  void anImageThatCannotBePulledIsTriedAgainLaterAndLater() {
    node.runtime.fail(
        "pullImage", new RuntimeRefusedException("ErrImagePull", "no such tag", null));
    node.assign(pod("web", container("main").build()).build());

    node.awaitWaiting("web", "main", "ErrImagePull");
    node.pass(Duration.ofSeconds(2));
    node.awaitWaiting("web", "main", "ImagePullBackOff");
    assertThat(node.container("web", "main").getState().getWaiting().getMessage())
        .isEqualTo("Back-off pulling image \"example.com/main:1\": ErrImagePull: no such tag");
    node.pass(Duration.ofSeconds(8));
    await().until(() -> node.runtime.calls("pullImage").size() == 2);
    node.pass(Duration.ofSeconds(2));
    node.runtime.allow("pullImage");
    node.pass(Duration.ofSeconds(18));

    node.awaitReady("web");
    assertThat(node.eventReasons()).contains("Failed", "BackOff");
  }

  @Test
  void aSandboxThatCannotBeMadeIsTriedAgain() {
    node.runtime.fail("startSandbox", new RuntimeRefusedException("", "no network", null));
    node.assign(pod("web", container("main").build()).build());
    await().until(() -> node.eventReasons().contains("FailedCreatePodSandBox"));

    node.runtime.allow("startSandbox");
    node.pass(Duration.ofSeconds(1));

    node.awaitReady("web");
  }

  @Test
  void aCommandThatCannotBeStartedIsRestartedWithBackOff() {
    node.runtime.fail(
        "startContainer", new RuntimeRefusedException("", "exec: no such file", null));
    node.assign(pod("web", container("main").build()).build());

    node.awaitWaiting("web", "main", "RunContainerError");
    assertThat(node.container("web", "main").getState().getWaiting().getMessage())
        .isEqualTo("exec: no such file");
  }

  @Test
  void aRuntimeThatIsAwayIsWaitedFor() {
    node.runtime.fail("pod", new RuntimeUnavailableException("no socket", null));
    node.assign(pod("web", container("main").build()).build());
    await().until(() -> node.timers.hasTimerIn(Duration.ofSeconds(1)));

    node.runtime.allow("pod");
    node.timers.advance(Duration.ofSeconds(1));

    node.awaitReady("web");
  }

  @Test
  void aServerThatIsAwayGetsTheLatestStatusWhenItIsBack() {
    node.run("web");
    int toldBefore = node.cluster.statusWrites();

    node.cluster.cutOff();
    node.runtime.exit(uid("web"), "main", 1);
    await().until(() -> node.runtime.newest(uid("web"), "main").attempt() == 1);
    assertThat(node.cluster.statusWrites()).isEqualTo(toldBefore);
    node.cluster.reconnect();

    await()
        .until(() -> {
          node.timers.advance(Duration.ofSeconds(1));
          return node.container("web", "main").getRestartCount() == 1
              && node.container("web", "main").getReady();
        });
    assertThat(node.condition("web", "Ready").getStatus()).isEqualTo("True");
  }

  @Test
  void whatOthersSayOfAPodIsLeftAsItIs() {
    node.assign(
        pod("web", container("main").build())
            .editSpec()
            .addNewReadinessGate("example.com/switched-on")
            .endSpec()
            .build());

    node.awaitRun("web", "main", 0);
    node.awaitStatus("web", status -> status.getConditions().size() >= 5);
    assertThat(node.condition("web", "ContainersReady").getStatus()).isEqualTo("True");
    assertThat(node.condition("web", "Ready").getReason()).isEqualTo("ReadinessGatesNotReady");
  }
}
