package dev.shiplog.agent.containerd.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Splitter;
import dev.shiplog.agent.containerd.RealContainerd;
import dev.shiplog.agent.containerd.RealContainerd.Pod;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our own containerd: what outlives whom, and what remains. */
final class ContainerdHostIT {

  @TempDir Path directory;
  private RealContainerd containerd;

  @BeforeEach
  void needContainers() {
    RealContainerd.assumePossible();
  }

  @AfterEach
  void cleanUp() {
    if (containerd != null) {
      containerd.close();
    }
  }

  /** What another process runs: brings containerd up, starts a pod, tells its id, and stays. */
  static final class Agent {

    private Agent() {}

    public static void main(String[] directory) throws Exception {
      RealContainerd containerd = RealContainerd.up(Path.of(directory[0]));
      String id = containerd.run(containerd.startPod(), "exec sleep 1000");
      System.out.println("running " + id);
      Thread.currentThread().join();
    }
  }

  private String idOfAgentsContainer(Process agent) throws Exception {
    BufferedReader output = agent.inputReader(StandardCharsets.UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("running ")) {
        return line.substring("running ".length());
      }
    }
    throw new AssertionError("the agent ended with " + agent.waitFor());
  }

  private Process startAgent() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            Agent.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private ContainerStatus onlyContainer() {
    return containerd.runtime.pods().getFirst().containers().getFirst();
  }

  private ProcessHandle containerdProcess() {
    return ContainerdProcess.find(layout()).orElseThrow();
  }

  private ContainerdLayout layout() {
    return new ContainerdLayout(directory.resolve("containerd"));
  }

  @Test
  void podsOutliveAnAgentThatIsKilledAndAreAdoptedByTheNext() throws Exception {
    Process agent = startAgent();
    String id = idOfAgentsContainer(agent);
    long pid = containerdProcess().pid();

    agent.destroyForcibly().waitFor();
    containerd = RealContainerd.up(directory);

    assertThat(containerdProcess().pid()).isEqualTo(pid);
    assertThat(onlyContainer().id()).isEqualTo(id);
    assertThat(onlyContainer().state()).isInstanceOf(Running.class);
  }

  @Test
  void podsOutliveAgentAndContainerdThatAreKilledTogether() throws Exception {
    Process agent = startAgent();
    String id = idOfAgentsContainer(agent);

    agent.destroyForcibly().waitFor();
    ProcessHandle old = containerdProcess();
    old.destroyForcibly();
    await().until(() -> !old.isAlive());
    containerd = RealContainerd.up(directory);

    assertThat(onlyContainer().id()).isEqualTo(id);
    assertThat(onlyContainer().state()).isInstanceOf(Running.class);
    assertThat(containerd.runtime.exec(id, List.of("true"), Duration.ofSeconds(10)).succeeded())
        .isTrue();
  }

  @Test
  void aContainerdThatEndsIsStartedAgainAndItsPodsGoOn() throws Exception {
    containerd = RealContainerd.up(directory);
    String id = containerd.run(containerd.startPod(), "exec sleep 1000");
    ProcessHandle old = containerdProcess();

    old.destroyForcibly();

    await().until(() -> ContainerdProcess.find(layout()).filter(it -> !it.equals(old)).isPresent());
    await().until(() -> containerd.runtime.health().ready());
    assertThat(onlyContainer().id()).isEqualTo(id);
    assertThat(onlyContainer().state()).isInstanceOf(Running.class);
  }

  @Test
  void otherSettingsStartContainerdAgainUnderItsPods() throws Exception {
    RealContainerd first = RealContainerd.up(directory);
    String id = first.run(first.startPod(), "exec sleep 1000");
    first.host.close();
    long pid = containerdProcess().pid();
    Files.writeString(layout().configuration(), "# as an older Shiplog wrote it\n");

    containerd = RealContainerd.up(directory);

    assertThat(containerdProcess().pid()).isNotEqualTo(pid);
    assertThat(onlyContainer().id()).isEqualTo(id);
    assertThat(onlyContainer().state()).isInstanceOf(Running.class);
  }

  @Test
  void aContainerdWhoseNumberCouldNotBeNotedIsFoundAllTheSame() throws Exception {
    RealContainerd first = RealContainerd.up(directory);
    first.host.close();
    long pid = containerdProcess().pid();
    Files.writeString(layout().pid(), "");

    containerd = RealContainerd.up(directory);

    assertThat(containerdProcess().pid()).isEqualTo(pid);
  }

  @Test
  void aShutDownLeavesNothingBehind() throws Exception {
    containerd = RealContainerd.up(directory);
    Pod pod = containerd.startPod();
    containerd.run(pod, "exec sleep 1000");
    assertThat(traces()).isNotEmpty();

    containerd.host.shutDown(Duration.ZERO);
    containerd = null;

    assertThat(traces()).isEmpty();
    assertThat(ContainerdHost.isRunning(layout().directory())).isFalse();
  }

  @Test
  void afterAShutDownExitCodesAndLogsAreStillThere() throws Exception {
    RealContainerd first = RealContainerd.up(directory);
    Pod pod = first.startPod();
    String id = first.run(pod, "trap 'exit 6' TERM; echo up; while :; do usleep 10000; done");
    await().until(() -> first.log(pod, id).contains("up"));

    first.host.shutDown(Duration.ofSeconds(20));
    containerd = RealContainerd.up(directory);

    assertThat(((Exited) onlyContainer().state()).exitCode()).isEqualTo(6);
    assertThat(containerd.runtime.pods().getFirst().sandboxes().getFirst().ready()).isFalse();
    assertThat(containerd.log(pod, id)).contains("up");
  }

  @Test
  void afterALossOfPowerPodsAreFoundStoppedAndCanBeRemoved() throws Exception {
    RealContainerd first = RealContainerd.up(directory);
    first.run(first.startPod(), "exec sleep 1000");
    first.host.close();

    losePower();
    containerd = RealContainerd.up(directory);

    assertThat(onlyContainer().state()).isInstanceOf(Exited.class);
    assertThat(containerd.runtime.pods().getFirst().sandboxes().getFirst().ready()).isFalse();
    containerd.run(containerd.startPod(), "exec sleep 1000");
    containerd.host.removePods();
    assertThat(containerd.runtime.pods()).isEmpty();
  }

  /** Ends every process of containerd and its pods and takes their mounts away. */
  private void losePower() throws Exception {
    ContainerdProcess.find(layout()).orElseThrow().destroyForcibly();
    String socket = layout().socket().toString();
    List<ProcessHandle> shims =
        ProcessHandle.allProcesses()
            .filter(it -> it.info().commandLine().orElse("").contains(socket))
            .toList();
    List<ProcessHandle> all =
        shims.stream().flatMap(it -> Stream.concat(Stream.of(it), it.descendants())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    await().until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo")).reversed()) {
      String mount = Splitter.on(' ').splitToList(line).get(4);
      if (mount.startsWith(directory.toString())) {
        RealContainerd.output("umount", mount);
      }
    }
  }

  @Test
  void removedPodsAreForgotten() throws Exception {
    containerd = RealContainerd.up(directory);
    containerd.run(containerd.startPod(), "exec sleep 1000");

    containerd.host.removePods();

    assertThat(containerd.runtime.pods()).isEmpty();
  }

  @Test
  void aContainerdThatCannotStartSaysWhy() throws Exception {
    Files.createDirectories(layout().directory());
    Files.writeString(layout().root(), "a file where a directory must be");

    assertThatThrownBy(() -> RealContainerd.up(directory))
        .isInstanceOf(ContainerdException.class)
        .hasMessageStartingWith("containerd does not come up: ")
        .hasMessageContaining(layout().root().toString());
    assertThat(ContainerdHost.isRunning(layout().directory())).isFalse();
  }

  @Test
  void aFileThatIsNoArchiveCannotBeImported() throws Exception {
    containerd = RealContainerd.up(directory);
    Path file = Files.writeString(directory.resolve("no.tar"), "no archive");

    assertThatThrownBy(() -> containerd.host.images().importArchive(file))
        .hasMessageStartingWith(file + " is no image archive");
    assertThatThrownBy(
            () -> containerd.host.images().importArchive(directory.resolve("missing.tar")))
        .hasMessageStartingWith("there is no file ");
  }

  /** Processes, mounts, links, namespaces, tables and cgroups of our pods. */
  private List<String> traces() throws Exception {
    String mark = directory.toString();
    var traces = new ArrayList<String>();
    RealContainerd.output("ps", "-eo", "args")
        .lines()
        .filter(line -> line.contains("containerd") && line.contains(mark))
        .filter(line -> !line.contains("java"))
        .forEach(traces::add);
    Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.contains(mark))
        .forEach(traces::add);
    RealContainerd.output("ip", "-4", "route")
        .lines()
        .filter(line -> line.startsWith("10.199.7."))
        .forEach(traces::add);
    RealContainerd.output("nft", "list", "tables")
        .lines()
        .filter(line -> line.contains("10.199.7.0"))
        .forEach(traces::add);
    if (Files.exists(Path.of("/sys/fs/cgroup/pids/shiplog"))
        || Files.exists(Path.of("/sys/fs/cgroup/shiplog"))) {
      traces.add("cgroup");
    }
    return traces;
  }
}
