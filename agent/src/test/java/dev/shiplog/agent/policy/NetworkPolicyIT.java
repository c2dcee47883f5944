package dev.shiplog.agent.policy;

import static dev.shiplog.agent.policy.Policies.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.containerd.RealContainerd;
import dev.shiplog.agent.containerd.RealContainerd.Pod;
import dev.shiplog.agent.nft.NftCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies and the packets between real pods. */
final class NetworkPolicyIT {

  private static final String TABLE = "shiplog-it-policies";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String SERVER =
      "echo page > /tmp/page; httpd -p 8080 -h /tmp; exec httpd -f -p 8090 -h /tmp";

  @TempDir static Path directory;
  private static RealContainerd containerd;
  private static Pod server;
  private static Pod friend;
  private static Pod stranger;
  private static String inServer;
  private static String inFriend;
  private static String inStranger;
  private static PolicyView cluster;

  private PolicyEnforcer enforcer;

  @BeforeAll
  static void startPods() throws Exception {
    RealContainerd.assumePossible();
    containerd = RealContainerd.up(directory);
    server = containerd.startPod();
    friend = containerd.startPod();
    stranger = containerd.startPod();
    inServer = containerd.run(server, SERVER);
    inFriend = containerd.run(friend, SERVER);
    inStranger = containerd.run(stranger, SERVER);
    cluster =
        Policies.view(
            Policies.pod("default", "server", server.ip()),
            Policies.pod("default", "friend", friend.ip()),
            Policies.pod("other", "stranger", stranger.ip()));
    for (Pod pod : List.of(server, friend, stranger)) {
      await().atMost(MINUTE).until(() -> nodeReaches(pod));
    }
  }

  @AfterAll
  static void stopPods() {
    if (containerd != null) {
      containerd.close();
    }
  }

  @BeforeEach
  void start() {
    enforcer =
        PolicyEnforcer.onThisHost(
            new PolicySettings(Policies.NODE, RealContainerd.NETWORK.subnet(), TABLE),
            containerd.host.programs().nft());
    enforcer.start();
  }

  @AfterEach
  void stop() {
    if (enforcer != null) {
      enforcer.close();
      assertThat(new NftCommand(containerd.host.programs().nft()).hasTable(TABLE)).isFalse();
    }
  }

  private static boolean nodeReaches(Pod pod) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(pod.ip(), 8080), 2_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean reaches(String container, Pod pod, int port) {
    String url = "http://%s:%d/page".formatted(pod.ip(), port);
    return containerd
        .runtime
        .exec(container, List.of("timeout", "2", "wget", "-q", "-O", "-", url), MINUTE)
        .succeeded();
  }

  private void enforce(String spec) {
    enforcer.update(with(cluster, "p", "podSelector: {matchLabels: {app: server}}\n" + spec));
  }

  private static void awaitThat(boolean expected, String container, Pod pod, int port) {
    await().atMost(MINUTE).until(() -> reaches(container, pod, port) == expected);
  }

  @Test
  void anIsolatedPodIsReachedByItsNodeAndItselfAlone() {
    enforce("policyTypes: [Ingress]");

    awaitThat(false, inFriend, server, 8080);
    assertThat(reaches(inStranger, server, 8080)).isFalse();
    assertThat(nodeReaches(server)).isTrue();
    assertThat(reaches(inServer, server, 8080)).isTrue();
    assertThat(reaches(inServer, friend, 8080)).isTrue();
  }

  @Test
  void thoseSelectedByLabelGetInOnThePortsNamed() {
    enforce(
        "ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}], ports: [{port: 8000,"
            + " endPort: 8085}]}]");

    awaitThat(false, inStranger, server, 8080);
    assertThat(reaches(inFriend, server, 8080)).isTrue();
    assertThat(reaches(inFriend, server, 8090)).isFalse();
  }

  @Test
  void thoseOfASelectedNamespaceGetIn() {
    enforce("ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}]}]");

    awaitThat(false, inFriend, server, 8080);
    assertThat(reaches(inStranger, server, 8080)).isTrue();
  }

  @Test
  void aPodGetsOutToWhereItMayAlone() {
    enforce(
        "policyTypes: [Egress]\negress: [{to: [{ipBlock: {cidr: 10.199.7.0/24, except: [%s/32]}}]}]"
            .formatted(stranger.ip()));

    awaitThat(false, inServer, stranger, 8080);
    assertThat(reaches(inServer, friend, 8080)).isTrue();
    assertThat(reaches(inFriend, server, 8080)).isTrue();
  }

  @Test
  void withThePolicyTheIsolationGoes() {
    enforce("");
    awaitThat(false, inFriend, server, 8080);

    enforcer.update(cluster);

    awaitThat(true, inFriend, server, 8080);
  }
}
