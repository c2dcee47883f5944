package dev.shiplog.agent.containerd.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.containerd.RealContainerd;
import dev.shiplog.agent.containerd.RealContainerd.Pod;
import dev.shiplog.agent.runtime.ContainerStatus.Exited;
import dev.shiplog.agent.runtime.SandboxSpec.Namespaces;
import dev.shiplog.agent.runtime.SandboxSpec.PortMapping;
import dev.shiplog.agent.runtime.SandboxSpec.Protocol;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packets between pods, and between them and this machine. */
final class PodNetworkIT {

  private static final int HOST_PORT = 30_986;

  @TempDir static Path directory;
  private static RealContainerd containerd;

  @BeforeAll
  static void up() throws Exception {
    RealContainerd.assumePossible();
    containerd = RealContainerd.up(directory);
  }

  @AfterAll
  static void down() {
    if (containerd != null) {
      containerd.close();
      assertThat(RealContainerd.output("iptables", "-t", "nat", "-S")).doesNotContain("CNI-");
    }
  }

  private static void awaitEnd(Pod pod, String id) {
    await().until(() -> containerd.status(pod, id).state() instanceof Exited);
  }

  @Test
  void podsReachEachOtherByTheirAddresses() throws Exception {
    Pod server = containerd.startPod();
    Pod client = containerd.startPod();
    containerd.run(server, "echo hello >/tmp/index.html; exec httpd -f -p 80 -h /tmp");

    String id =
        containerd.run(
            client, "until wget -q -O - http://" + server.ip() + "; do usleep 50000; done");

    awaitEnd(client, id);
    assertThat(containerd.log(client, id)).contains("stdout F hello");
  }

  @Test
  void aPortOfTheHostLeadsToThePod() throws Exception {
    var port = new PortMapping(Protocol.TCP, 80, HOST_PORT, "");
    Pod server = containerd.startPod(Namespaces.OWN, List.of(port));
    containerd.run(server, "echo hello >/tmp/index.html; exec httpd -f -p 80 -h /tmp");
    Pod client = containerd.startPod();

    String id =
        containerd.run(
            client,
            "until wget -q -O - http://10.199.7.1:" + HOST_PORT + "; do usleep 50000; done");

    awaitEnd(client, id);
    assertThat(containerd.log(client, id)).contains("stdout F hello");
  }

  @Test
  void aPodOnTheHostsNetworkSeesTheHostsLinks() throws Exception {
    Pod pod = containerd.startPod(new Namespaces(true, false, false, false));

    String id = containerd.run(pod, "ip -o link | wc -l");
    awaitEnd(pod, id);

    assertThat(pod.status().ips()).isEmpty();
    long links = RealContainerd.output("ip", "-o", "link").lines().count();
    assertThat(containerd.log(pod, id)).endsWith(" stdout F " + links + "\n");
  }
}
