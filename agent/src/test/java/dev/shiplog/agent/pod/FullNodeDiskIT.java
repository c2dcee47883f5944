package dev.shiplog.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.agent.containerd.RealContainerd;
import dev.shiplog.agent.containerd.image.BusyboxImage;
import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.ContainerStatus.Running;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.time.SystemTimers;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose disk, with containerd's and pods' files on it, runs full under its pods. */
final class FullNodeDiskIT {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path disk;
  private final InMemoryCluster cluster = new InMemoryCluster();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final SystemTimers timers = new SystemTimers();
  private RealContainerd containerd;
  private boolean mounted;

  @BeforeEach
  void start() throws IOException {
    RealContainerd.assumePossible();
    mounted = run("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", disk.toString());
    assumeTrue(mounted, "skipped: a small disk cannot be mounted here");
    containerd = RealContainerd.up(disk);
  }

  @AfterEach
  void stop() {
    if (containerd != null) {
      containerd.close();
    }
    timers.close();
    if (mounted) {
      run("umount", "--lazy", disk.toString());
    }
  }

  private static boolean run(String... command) {
    return HostCommand.run(Duration.ofSeconds(20), List.of(command)).succeeded();
  }

  @Test
  void podsThatRunGoOnAndThoseThatCannotStartSayWhyAndStartOnceThereIsRoom() throws Exception {
    MortalAgent agent = new MortalAgent(disk, cluster, timers, faults);
    agent.pods.snapshot(List.of());
    cluster.put(pod("early"));
    await().atMost(MINUTE).until(() -> phase("early").equals("Running"));
    ContainerStatus early = container("early");
    Path rest = disk.resolve("rest");
    fill(rest);

    cluster.put(pod("late"));
    await()
        .atMost(MINUTE)
        .until(() ->
            cluster.events().stream()
                .anyMatch(event ->
                    event.getInvolvedObject().getName().equals("late")
                        && event.getMessage().contains("no space left on device")));
    await().until(() -> phase("late").equals("Pending"));
    assertThat(container("early").id()).isEqualTo(early.id());
    assertThat(container("early").state()).isInstanceOf(Running.class);

    Files.delete(rest);
    await().atMost(MINUTE).until(() -> phase("late").equals("Running"));
    assertThat(container("early").id()).isEqualTo(early.id());
    agent.die();
    faults.assertNone();
  }

  private ContainerStatus container(String pod) {
    return containerd.runtime.pod("uid-" + pod).orElseThrow().containers().getFirst();
  }

  private String phase(String pod) {
    return cluster
        .pod(TestNode.NAMESPACE, pod)
        .map(Pod::getStatus)
        .map(status -> status.getPhase())
        .orElse("");
  }

  private static Pod pod(String name) {
    return new PodBuilder(TestPods.pod(name, TestPods.container("main").build()).build())
        .editSpec()
        .withTerminationGracePeriodSeconds(1L)
        .editFirstContainer()
        .withImage(BusyboxImage.REFERENCE)
        .withCommand("sleep", "600")
        .endContainer()
        .endSpec()
        .build();
  }

  /** To the last byte. */
  private static void fill(Path rest) throws IOException {
    byte[] block = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(rest)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
