package dev.shiplog.agent.containerd;

import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.SandboxSpec;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChangeWatchTest {

  @TempDir Path directory;
  private FakeCri cri;
  private ContainerdRuntime runtime;

  @BeforeEach
  void start() throws Exception {
    cri = new FakeCri(directory.resolve("cri.sock"));
    runtime =
        new ContainerdRuntime(
            CriConnection.open(directory.resolve("cri.sock")), "node-1", new LinuxResources(false));
  }

  @AfterEach
  void stop() throws Exception {
    runtime.close();
    cri.close();
  }

  private String startContainer() {
    SandboxSpec sandbox = Specs.sandbox(Path.of("/var/log/pods/web"));
    String sandboxId = runtime.startSandbox(sandbox).id();
    String id =
        runtime.createContainer(sandboxId, sandbox, Specs.container("main", "sha256:1", "run"));
    runtime.startContainer(id);
    return id;
  }

  @Test
  void aContainerThatEndsIsToldWithoutEventsOfTheRuntime() {
    String id = startContainer();
    Queue<String> changed = new ConcurrentLinkedQueue<>();
    runtime.onChange(changed::add);
    await().until(() -> changed.remove("uid-1"));

    cri.change(id, status -> status.setState(Cri.ContainerState.CONTAINER_EXITED));

    await().until(() -> changed.remove("uid-1"));
  }

  @Test
  void aContainerThatIsRemovedIsTold() {
    String id = startContainer();
    Queue<String> changed = new ConcurrentLinkedQueue<>();
    runtime.onChange(changed::add);
    await().until(() -> changed.remove("uid-1"));

    cri.containers.remove(id);

    await().until(() -> changed.remove("uid-1"));
  }

  @Test
  void anEventOfTheRuntimeIsTold() {
    cri.offersEvents = true;
    Queue<String> changed = new ConcurrentLinkedQueue<>();
    runtime.onChange(changed::add);
    await().until(() -> !cri.eventStreams.isEmpty());
    var labels =
        new Ownership("node-1").sandboxLabels(new PodIdentity("uid-9", "a", "b"), Map.of());

    cri.eventStreams
        .getFirst()
        .onNext(
            Cri.ContainerEventResponse.newBuilder()
                .setPodSandboxStatus(Cri.PodSandboxStatus.newBuilder().putAllLabels(labels))
                .build());

    await().until(() -> changed.contains("uid-9"));
  }

  @Test
  void aBrokenStreamOfEventsIsOpenedAgain() {
    cri.offersEvents = true;
    runtime.onChange(uid -> {});
    await().until(() -> cri.eventStreams.size() == 1);

    cri.eventStreams.getFirst().onError(Status.UNAVAILABLE.asException());

    await().until(() -> cri.eventStreams.size() == 2);
  }

  @Test
  void changesAreToldAgainAfterTheRuntimeWasAway() throws Exception {
    String id = startContainer();
    Queue<String> changed = new ConcurrentLinkedQueue<>();
    runtime.onChange(changed::add);
    await().until(() -> changed.remove("uid-1"));

    cri.stop();
    cri.change(id, status -> status.setState(Cri.ContainerState.CONTAINER_EXITED));
    cri.start();

    await().until(() -> changed.remove("uid-1"));
  }
}
