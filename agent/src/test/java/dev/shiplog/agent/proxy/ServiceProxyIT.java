package dev.shiplog.agent.proxy;

import static dev.shiplog.agent.proxy.Clusters.ready;
import static dev.shiplog.agent.proxy.Clusters.service;
import static dev.shiplog.agent.proxy.Clusters.web;
import static dev.shiplog.agent.proxy.Clusters.withNodePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import dev.shiplog.agent.containerd.RealContainerd;
import dev.shiplog.agent.containerd.RealContainerd.Pod;
import dev.shiplog.agent.host.ProgramPath;
import dev.shiplog.agent.nft.NftCommand;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traffic through the kernel, between real pods and from this machine. */
final class ServiceProxyIT {

  private static final String VIP = "10.199.96.10";

  /** This machine, as its pods see it. */
  private static final String HOST_OF_PODS = "10.199.7.1";

  private static final String TABLE = "shiplog-it-services";
  private static final int NODE_PORT = 30_987;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int CONNECT_MS = 2_000;

  /** Answers each request with the server's and the caller's address. */
  private static final String WEB_SERVER =
      """
      mkdir -p /www/cgi-bin
      echo '#!/bin/sh' >/www/cgi-bin/who
      echo 'echo; echo "%s $REMOTE_ADDR"' >>/www/cgi-bin/who
      chmod +x /www/cgi-bin/who
      exec httpd -f -p 8080 -h /www
      """;

  @TempDir static Path directory;
  private static RealContainerd containerd;
  private static Pod one;
  private static Pod two;
  private static String containerOfOne;

  private final ServiceTopics topics = new ServiceTopics();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private ServiceFollower follower;
  private ServiceProxy proxy;

  @BeforeAll
  static void startPods() throws Exception {
    RealContainerd.assumePossible();
    containerd = RealContainerd.up(directory);
    one = containerd.startPod();
    two = containerd.startPod();
    containerOfOne = containerd.run(one, WEB_SERVER.formatted(one.ip()));
    containerd.run(two, WEB_SERVER.formatted(two.ip()));
    for (Pod pod : List.of(one, two)) {
      await().until(() -> canConnect(pod.ip(), 8080));
    }
  }

  @AfterAll
  static void stopPods() {
    if (containerd != null) {
      containerd.close();
    }
  }

  @BeforeEach
  void startProxy() {
    follower = new ServiceFollower(topics.log, ServiceTopics.NAMES, faults);
    proxy =
        ServiceProxy.onThisHost(
            new ProxySettings(
                Clusters.NODE,
                RealContainerd.NETWORK.clusterSubnet(),
                List.of("10.199.96.0/20"),
                TABLE),
            containerd.host.programs().nft(),
            containerd.host.programs().ip());
    follower.onChange(proxy::update);
    proxy.start();
    follower.start();
  }

  @AfterEach
  void stopProxy() {
    if (proxy != null) {
      follower.close();
      proxy.close();
      assertThat(new NftCommand(containerd.host.programs().nft()).hasTable(TABLE)).isFalse();
      faults.assertNone();
    }
  }

  private void cluster(HasMetadata... objects) {
    Arrays.stream(objects).forEach(topics::put);
  }

  private static boolean canConnect(String ip, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(ip, port), CONNECT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Server's and caller's address, asked from this machine. */
  private static List<String> ask(String ip, int port) throws IOException {
    var connection =
        URI.create("http://%s:%d/cgi-bin/who".formatted(ip, port)).toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MS);
    connection.setReadTimeout(10 * CONNECT_MS);
    connection.setRequestProperty("Connection", "close");
    try (var answer = connection.getInputStream()) {
      return addresses(new String(answer.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** The same, asked from within a pod. */
  private static List<String> askFromPodOne(String ip, int port) {
    String url = "http://%s:%d/cgi-bin/who".formatted(ip, port);
    var result =
        containerd.runtime.exec(
            containerOfOne, List.of("timeout", "5", "wget", "-q", "-O", "-", url), MINUTE);
    return result.succeeded() ? addresses(result.stdout()) : List.of();
  }

  private static List<String> addresses(String line) {
    return Splitter.on(' ').splitToList(line.strip().replaceAll("\\[::ffff:|]", ""));
  }

  /** Whichever of our pods answers first; what else may answer at the address is not taken. */
  private static String awaitServerAt(String ip, int port) {
    return await()
        .ignoreExceptions()
        .until(() -> ask(ip, port).getFirst(), Set.of(one.ip(), two.ip())::contains);
  }

  private static void awaitServersAt(String ip, int port, Set<String> servers) {
    var seen = Collections.synchronizedSet(new TreeSet<String>());
    await()
        .ignoreExceptions()
        .until(() -> {
          seen.add(awaitServerAt(ip, port));
          return seen.equals(servers);
        });
  }

  @Test
  void everyEndpointOfAServiceAnswers() {
    cluster(web(VIP).build(), ready("web", "TCP", 8080, one.ip(), two.ip()));

    awaitServersAt(VIP, 80, Set.of(one.ip(), two.ip()));
  }

  @Test
  void aPodReachesAnotherThroughAServiceAndIsSeenWithItsOwnAddress() {
    cluster(web(VIP).build(), ready("web", "TCP", 8080, two.ip()));

    await()
        .untilAsserted(
            () -> assertThat(askFromPodOne(VIP, 80)).containsExactly(two.ip(), one.ip()));
  }

  @Test
  void aPodReachesItselfThroughItsService() {
    cluster(web(VIP).build(), ready("web", "TCP", 8080, one.ip()));

    await()
        .until(() -> {
          List<String> answer = askFromPodOne(VIP, 80);
          return !answer.isEmpty() && answer.getFirst().equals(one.ip());
        });
  }

  @Test
  void aNodePortAnswersOnEveryAddressOfTheNode() throws Exception {
    cluster(withNodePort(web(VIP), NODE_PORT), ready("web", "TCP", 8080, one.ip(), two.ip()));

    awaitServersAt("127.0.0.1", NODE_PORT, Set.of(one.ip(), two.ip()));
    awaitServersAt(
        InetAddress.getLocalHost().isLoopbackAddress()
            ? "127.0.0.2"
            : InetAddress.getLocalHost().getHostAddress(),
        NODE_PORT,
        Set.of(one.ip(), two.ip()));
  }

  @Test
  void aPodReachesANodePort() throws Exception {
    cluster(withNodePort(web(VIP), NODE_PORT), ready("web", "TCP", 8080, two.ip()));

    await().until(() -> !askFromPodOne(HOST_OF_PODS, NODE_PORT).isEmpty());
  }

  @Test
  void anEndpointThatIsNoLongerReadyIsNotAsked() {
    cluster(web(VIP).build(), ready("web", "TCP", 8080, one.ip(), two.ip()));
    awaitServersAt(VIP, 80, Set.of(one.ip(), two.ip()));

    topics.put(
        Clusters.slice("web", "TCP", 8080)
            .withEndpoints(
                Clusters.endpoint(one.ip(), false, false, false, Clusters.NODE),
                Clusters.endpoint(two.ip(), true, true, false, Clusters.NODE))
            .build());

    // Random choice would show the other one in twenty answers, but for once in a million runs.
    await()
        .ignoreExceptions()
        .until(() -> {
          var seen = new TreeSet<String>();
          for (int i = 0; i < 20; i++) {
            seen.add(ask(VIP, 80).getFirst());
          }
          return seen.equals(Set.of(two.ip()));
        });
  }

  @Test
  void aStickyServiceKeepsAClientWithItsEndpoint() throws Exception {
    cluster(
        web(VIP).editSpec().withSessionAffinity("ClientIP").endSpec().build(),
        ready("web", "TCP", 8080, one.ip(), two.ip()));

    String server = awaitServerAt(VIP, 80);

    for (int i = 0; i < 20; i++) {
      assertThat(ask(VIP, 80).getFirst()).isEqualTo(server);
    }
  }

  @Test
  void aServiceWithoutEndpointsRefusesAtOnce() {
    cluster(withNodePort(web(VIP), NODE_PORT));

    await().until(() -> isRefused(VIP, 80) && isRefused("127.0.0.1", NODE_PORT));
    await()
        .until(() ->
            containerd
                .runtime
                .exec(containerOfOne, List.of("wget", "-q", "-O", "-", "http://" + VIP), MINUTE)
                .stderr()
                .contains("refused"));
  }

  @Test
  void aPortThatTheServiceDoesNotHaveIsRefused() {
    cluster(web(VIP).build(), ready("web", "TCP", 8080, one.ip()));
    awaitServersAt(VIP, 80, Set.of(one.ip()));

    assertThat(isRefused(VIP, 81)).isTrue();
  }

  @Test
  void aDeletedServiceDoesNotAnswerAnyMore() {
    var service = withNodePort(web(VIP), NODE_PORT);
    cluster(service, ready("web", "TCP", 8080, one.ip()));
    await().until(() -> canConnect("127.0.0.1", NODE_PORT));

    topics.delete(service);

    await().until(() -> isRefused("127.0.0.1", NODE_PORT));
  }

  @Test
  void datagramsArriveAndAreAnswered() throws Exception {
    try (var server = new DatagramSocket(new InetSocketAddress(HOST_OF_PODS, 0))) {
      Thread.startVirtualThread(() -> answerEverything(server));
      cluster(
          service("echo", VIP, "UDP", 53).build(),
          ready("echo", "UDP", server.getLocalPort(), HOST_OF_PODS));

      await().until(() -> "ping".equals(echo("ping")));
    }
  }

  /** A client that keeps its port keeps its flow, as a resolver's or a QUIC client's. */
  @Test
  void aClientOfDatagramsIsLedAwayFromAnEndpointThatIsGone() throws Exception {
    assumeTrue(ProgramPath.ofThisHost().find("conntrack").isPresent(), "there is no conntrack");
    try (var first = new DatagramSocket(new InetSocketAddress(HOST_OF_PODS, 0));
        var second = new DatagramSocket(new InetSocketAddress(HOST_OF_PODS, 0));
        var client = new DatagramSocket()) {
      Thread.startVirtualThread(() -> answerAll(first, "first"));
      Thread.startVirtualThread(() -> answerAll(second, "second"));
      client.connect(InetAddress.ofLiteral(VIP), 53);
      client.setSoTimeout(CONNECT_MS);
      cluster(
          service("echo", VIP, "UDP", 53).build(),
          ready("echo", "UDP", first.getLocalPort(), HOST_OF_PODS));
      await().until(() -> "first".equals(ask(client)));

      cluster(ready("echo", "UDP", second.getLocalPort(), HOST_OF_PODS));

      await().until(() -> "second".equals(ask(client)));
    }
  }

  private static String ask(DatagramSocket client) {
    byte[] question = {1};
    var answer = new DatagramPacket(new byte[100], 100);
    try {
      client.send(new DatagramPacket(question, question.length));
      client.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static void answerAll(DatagramSocket server, String answer) {
    var packet = new DatagramPacket(new byte[100], 100);
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    try {
      while (true) {
        server.receive(packet);
        server.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      // The test closed the socket.
    }
  }

  private static void answerEverything(DatagramSocket server) {
    var packet = new DatagramPacket(new byte[100], 100);
    try {
      while (true) {
        server.receive(packet);
        server.send(packet);
      }
    } catch (IOException e) {
      // The test closed the socket.
    }
  }

  private static boolean isRefused(String ip, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(ip, port), CONNECT_MS);
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The answer, or null: the kernel refuses to send while the service has no endpoint yet. */
  private static String echo(String text) {
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(500);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName(VIP), 53));
      var answer = new DatagramPacket(new byte[100], 100);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return null;
    }
  }
}
