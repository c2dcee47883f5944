package dev.shiplog.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.ContainerStatus.Created;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.runtime.ExecResult;
import dev.shiplog.agent.runtime.NoSuchContainerException;
import dev.shiplog.agent.runtime.RuntimeHealth;
import dev.shiplog.agent.runtime.RuntimeInfo;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.RuntimeUnavailableException;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxSpec.Namespaces;
import dev.shiplog.agent.runtime.SandboxStatus;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContainerdRuntimeTest {

  private static final Path LOGS = Path.of("/var/log/pods/web");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path directory;
  private FakeCri cri;
  private ContainerdRuntime runtime;

  @BeforeEach
  void start() throws Exception {
    cri = new FakeCri(directory.resolve("cri.sock"));
    runtime = runtimeOf("node-1");
  }

  @AfterEach
  void stop() throws Exception {
    runtime.close();
    cri.close();
  }

  private ContainerdRuntime runtimeOf(String owner) {
    return new ContainerdRuntime(
        CriConnection.open(directory.resolve("cri.sock")), owner, new LinuxResources(false));
  }

  private String startContainer() {
    SandboxSpec sandbox = Specs.sandbox(LOGS);
    String sandboxId = runtime.startSandbox(sandbox).id();
    String id =
        runtime.createContainer(sandboxId, sandbox, Specs.container("main", "sha256:1", "run"));
    runtime.startContainer(id);
    return id;
  }

  @Test
  void itSaysWhatItIs() {
    assertThat(runtime.info()).isEqualTo(new RuntimeInfo("containerd", "1.2.3"));
  }

  @Test
  void aConditionThatIsFalseMakesTheRuntimeNotReadyAndIsNamed() {
    assertThat(runtime.health())
        .isEqualTo(
            new RuntimeHealth(
                true, false, "NetworkReady is false: NetworkPluginNotReady: no network config"));
  }

  @Test
  void anUnreachableRuntimeIsNotReadyAndItsCallsAreUnavailable() throws Exception {
    cri.stop();

    assertThat(runtime.health().ready()).isFalse();
    assertThatThrownBy(() -> runtime.pods()).isInstanceOf(RuntimeUnavailableException.class);
  }

  @Test
  void aRuntimeThatComesBackIsUsedAgain() throws Exception {
    cri.stop();
    assertThat(runtime.health().runtimeReady()).isFalse();

    cri.start();

    await().until(() -> runtime.health().runtimeReady());
  }

  @Test
  void aStartedSandboxIsReadyAndHasItsAddress() {
    SandboxStatus sandbox = runtime.startSandbox(Specs.sandbox(LOGS));

    assertThat(sandbox.ready()).isTrue();
    assertThat(sandbox.ips()).containsExactly("10.244.0.7");
    assertThat(sandbox.pod()).isEqualTo(Specs.POD);
  }

  @Test
  void aSandboxOnTheHostsNetworkHasNoAddressOfItsOwn() {
    var hostNetwork = new Namespaces(true, false, false, false);

    SandboxStatus sandbox = runtime.startSandbox(Specs.sandbox(Specs.POD, LOGS, hostNetwork));

    assertThat(sandbox.hostNetwork()).isTrue();
    assertThat(sandbox.ips()).isEmpty();
    assertThat(cri.only(Cri.RunPodSandboxRequest.class).getConfig().getHostname()).isEmpty();
  }

  @Test
  void aStoppedSandboxHasNoAddressAnyMore() {
    String id = runtime.startSandbox(Specs.sandbox(LOGS)).id();

    runtime.stopSandbox(id);

    SandboxStatus sandbox = onlyPod().sandboxes().getFirst();
    assertThat(sandbox.ready()).isFalse();
    assertThat(sandbox.ips()).isEmpty();
  }

  @Test
  void anAgentMadeAnewFindsItsPods() {
    String id = startContainer();

    try (ContainerdRuntime restarted = runtimeOf("node-1")) {
      RuntimePod pod = restarted.pod("uid-1").orElseThrow();

      assertThat(pod.pod()).isEqualTo(Specs.POD);
      assertThat(pod.containers().getFirst().id()).isEqualTo(id);
      assertThat(pod.containers().getFirst().sandboxId())
          .isEqualTo(pod.sandboxes().getFirst().id());
    }
  }

  @Test
  void whatAnotherAgentMadeOnTheSameContainerdIsNotSeen() {
    startContainer();

    try (ContainerdRuntime other = runtimeOf("node-2")) {
      assertThat(other.pods()).isEmpty();
      assertThat(other.pod("uid-1")).isEmpty();
    }
  }

  @Test
  void aContainerIsGivenBackAsItsSpecWas() {
    startContainer();

    var status = onlyPod().containers().getFirst();
    assertThat(status.name()).isEqualTo("main");
    assertThat(status.image()).isEqualTo("app");
    assertThat(status.imageReference()).isEqualTo("docker.io/library/app@sha256:abc");
    assertThat(status.logPath()).isEqualTo(LOGS.resolve("main/0.log"));
    assertThat(status.labels()).isEqualTo(Map.of("tier", "front"));
    assertThat(status.annotations()).isEmpty();
  }

  @Test
  void aSandboxIsGivenBackAsItsSpecWas() {
    SandboxStatus sandbox = runtime.startSandbox(Specs.sandbox(LOGS));

    assertThat(sandbox.labels()).isEqualTo(Map.of("app", "web"));
    assertThat(sandbox.annotations()).isEqualTo(Map.of("note", "kept"));
  }

  @Test
  void aContainersStateIsFollowedFromCreatedToExited() {
    SandboxSpec sandbox = Specs.sandbox(LOGS);
    String sandboxId = runtime.startSandbox(sandbox).id();
    String id =
        runtime.createContainer(sandboxId, sandbox, Specs.container("main", "sha256:1", "run"));
    assertThat(onlyPod().containers().getFirst().state()).isEqualTo(new Created());

    runtime.startContainer(id);
    assertThat(onlyPod().containers().getFirst().state())
        .isEqualTo(new Running(Instant.ofEpochSecond(5)));

    cri.change(
        id,
        status ->
            status
                .setState(Cri.ContainerState.CONTAINER_EXITED)
                .setExitCode(137)
                .setReason("OOMKilled")
                .setFinishedAt(9_000_000_000L));
    assertThat(onlyPod().containers().getFirst().state())
        .isEqualTo(
            new Exited(
                137, 0, "OOMKilled", "", Instant.ofEpochSecond(5), Instant.ofEpochSecond(9)));
  }

  @Test
  void aContainerThatNeverRanHasNoStart() {
    String id = startContainer();

    cri.change(
        id,
        status ->
            status
                .setState(Cri.ContainerState.CONTAINER_EXITED)
                .setStartedAt(0)
                .setExitCode(128)
                .setReason("StartError")
                .setFinishedAt(1));

    assertThat(((Exited) onlyPod().containers().getFirst().state()).startedAt()).isNull();
  }

  @Test
  void theFullStatusIsAskedForOncePerState() {
    startContainer();

    runtime.pods();
    runtime.pods();
    var _ = runtime.pod("uid-1");

    assertThat(cri.received(Cri.ContainerStatusRequest.class)).hasSize(1);
  }

  @Test
  void whatVanishesBetweenListAndStatusIsLeftOut() {
    startContainer();
    cri.refuseNext("ContainerStatus", Status.NOT_FOUND);

    assertThat(onlyPod().containers()).isEmpty();
  }

  @Test
  void theNewestSandboxComesFirst() {
    SandboxSpec spec = Specs.sandbox(LOGS);
    runtime.stopSandbox(runtime.startSandbox(spec).id());
    String newer = runtime.startSandbox(spec).id();

    assertThat(onlyPod().sandboxes().getFirst().id()).isEqualTo(newer);
  }

  @Test
  void stoppingOrRemovingWhatIsGoneSucceeds() {
    for (String method :
        List.of(
            "StopPodSandbox",
            "StopPodSandbox",
            "RemovePodSandbox",
            "StopContainer",
            "RemoveContainer")) {
      cri.refuseNext(method, Status.NOT_FOUND);
    }

    runtime.stopSandbox("gone");
    runtime.removeSandbox("gone");
    runtime.stopContainer("gone", Duration.ZERO);
    runtime.removeContainer("gone");
  }

  @Test
  void aPartOfASecondOfGraceIsNotTakenForNone() {
    runtime.stopContainer("any", Duration.ofMillis(200));

    assertThat(cri.only(Cri.StopContainerRequest.class).getTimeout()).isEqualTo(1);
  }

  @Test
  void aRefusalKeepsTheRuntimesWords() {
    cri.refuseNext("StartContainer", Status.UNKNOWN.withDescription("exec /nope: not there"));

    assertThatThrownBy(() -> runtime.startContainer("any"))
        .isInstanceOf(RuntimeRefusedException.class)
        .hasMessage("exec /nope: not there");
  }

  @Test
  void startingAContainerThatIsGoneSaysSo() {
    cri.refuseNext("StartContainer", Status.NOT_FOUND.withDescription("container gone"));

    assertThatThrownBy(() -> runtime.startContainer("gone"))
        .isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void anUnknownStopSignalIsRefused() {
    SandboxSpec sandbox = Specs.sandbox(LOGS);
    var spec = Specs.withStopSignal(Specs.container("main", "sha256:1"), "SIGNOPE");

    assertThatThrownBy(() -> runtime.createContainer("any", sandbox, spec))
        .isInstanceOf(RuntimeRefusedException.class)
        .hasMessageContaining("SIGNOPE");
  }

  @Test
  void anInterruptedCallReturnsWithTheInterruptFlagSet() throws Exception {
    cri.neverAnswer("StopContainer");
    var flag =
        new FutureTask<>(() -> {
          assertThatThrownBy(() -> runtime.stopContainer("any", MINUTE))
              .isInstanceOf(RuntimeUnavailableException.class);
          return Thread.currentThread().isInterrupted();
        });
    Thread caller = Thread.startVirtualThread(flag);
    await().until(() -> !cri.received(Cri.StopContainerRequest.class).isEmpty());

    caller.interrupt();

    assertThat(flag.get()).isTrue();
  }

  @Test
  void whatIsLeftOfARefusedSandboxIsRemoved() {
    SandboxSpec spec = Specs.sandbox(LOGS);
    String remains = runtime.startSandbox(spec).id();
    runtime.stopSandbox(remains);
    cri.refuseNext("RunPodSandbox", Status.UNKNOWN.withDescription("no network"));

    assertThatThrownBy(() -> runtime.startSandbox(spec)).hasMessage("no network");

    assertThat(runtime.pods()).isEmpty();
  }

  @Test
  void aRefusedSecondAttemptLeavesTheFirstAlone() {
    SandboxSpec spec = Specs.sandbox(LOGS);
    String first = runtime.startSandbox(spec).id();
    cri.refuseNext("RunPodSandbox", Status.UNKNOWN.withDescription("name is reserved"));

    assertThatThrownBy(() -> runtime.startSandbox(spec)).hasMessage("name is reserved");

    assertThat(onlyPod().sandboxes().getFirst().id()).isEqualTo(first);
  }

  @Test
  void execGivesExitCodeAndOutput() {
    cri.execAnswer =
        Cri.ExecSyncResponse.newBuilder()
            .setExitCode(3)
            .setStdout(ByteString.copyFromUtf8("out"))
            .setStderr(ByteString.copyFromUtf8("err"))
            .build();

    assertThat(runtime.exec("any", List.of("x"), MINUTE))
        .isEqualTo(new ExecResult(3, false, "out", "err"));
  }

  @Test
  void execOutputBeyondOneMebibyteIsDropped() {
    cri.execAnswer =
        Cri.ExecSyncResponse.newBuilder()
            .setStdout(ByteString.copyFrom(new byte[(1 << 20) + 1]))
            .build();

    assertThat(runtime.exec("any", List.of("x"), MINUTE).stdout()).hasSize(1 << 20);
  }

  @Test
  void aCommandThatTookTooLongIsToldApartFromARefusal() {
    cri.refuseNext(
        "ExecSync",
        Status.UNKNOWN.withDescription("timeout 1s exceeded: context deadline exceeded"));

    assertThat(runtime.exec("any", List.of("x"), MINUTE).timedOut()).isTrue();
  }

  @Test
  void execInAContainerThatDoesNotRunFindsNoContainer() {
    cri.refuseNext(
        "ExecSync", Status.UNKNOWN.withDescription("container is in CONTAINER_EXITED state"));

    assertThatThrownBy(() -> runtime.exec("any", List.of("x"), MINUTE))
        .isInstanceOf(NoSuchContainerException.class);
  }

  private RuntimePod onlyPod() {
    List<RuntimePod> pods = runtime.pods();
    assertThat(pods).hasSize(1);
    return pods.getFirst();
  }
}
