package dev.shiplog.agent.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.reach.VertxPodNetwork;
import dev.shiplog.agent.testing.ControlledRuntime;
import dev.shiplog.agent.testing.ManualTimers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Probes over the real network, of a node that has a server of its own on the probed port. */
final class RealProberTest {

  private final Vertx vertx = Vertx.vertx();
  private final RealProber prober =
      new RealProber(
          new ControlledRuntime(new ManualTimers(Instant.EPOCH)), new VertxPodNetwork(vertx));
  private ServerSocket ofNode;

  @BeforeEach
  void listen() throws IOException {
    ofNode = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    ofNode.close();
    vertx.close();
  }

  /** Its sandbox died a moment ago, and its containers are about to. */
  @Test
  void theNodeDoesNotAnswerForAPodWithoutAnAddress() {
    for (Probe probe : new Probe[] {http().build(), tcp(), grpc()}) {
      assertThat(probed("", probe)).isEqualTo(ProbeResult.failure("the pod has no address"));
    }
  }

  @Test
  void aHeaderThatCannotBeSentIsAFailedProbe() {
    Probe probe = http().editHttpGet().addNewHttpHeader("X-Lines", "one\ntwo").endHttpGet().build();

    ProbeResult result = probed("127.0.0.1", probe);

    assertThat(result.success()).isFalse();
    assertThat(result.message()).contains("Get \"http://127.0.0.1:");
  }

  private ProbeResult probed(String podIp, Probe probe) {
    ProbeTarget target = new ProbeTarget(new Container(), podIp, "container", Instant.EPOCH);
    return prober.run(target, ProbeKind.READINESS, probe);
  }

  private ProbeBuilder http() {
    return new ProbeBuilder().withNewHttpGet().withNewPort(ofNode.getLocalPort()).endHttpGet();
  }

  private Probe tcp() {
    return new ProbeBuilder()
        .withNewTcpSocket()
        .withNewPort(ofNode.getLocalPort())
        .endTcpSocket()
        .build();
  }

  private Probe grpc() {
    return new ProbeBuilder().withNewGrpc().withPort(ofNode.getLocalPort()).endGrpc().build();
  }
}
