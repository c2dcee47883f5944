package dev.shiplog.agent.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.proxy.ServiceView;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Over sockets: a headless service with more pods than a datagram holds. */
final class DnsServerTest {

  private static final int PODS = 200;

  private DnsServer server;
  private SimpleResolver client;

  @BeforeEach
  void start() throws IOException {
    server =
        DnsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            "cluster.local",
            () -> Optional.of(ServiceView.of(List.of(service()), List.of(slice()))),
            Path.of("/nowhere"));
    client =
        new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    client.setTimeout(Duration.ofSeconds(10));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void anAnswerThatDoesNotFitIsCutAndSaysSo() throws IOException {
    client.setIgnoreTruncation(true);

    Message answer = client.send(query());

    assertThat(answer.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(answer.getSection(Section.ANSWER)).hasSizeLessThan(PODS);
  }

  @Test
  void overTcpItIsWhole() throws IOException {
    client.setTCP(true);

    assertThat(client.send(query()).getSection(Section.ANSWER)).hasSize(PODS);
  }

  @Test
  void garbageDoesNotStopIt() throws IOException {
    try (var socket = new java.net.DatagramSocket()) {
      socket.send(
          new java.net.DatagramPacket(
              new byte[] {1, 2, 3}, 3, InetAddress.getLoopbackAddress(), server.port()));
    }

    assertThat(client.send(query()).getSection(Section.ANSWER)).isNotEmpty();
  }

  private static Message query() {
    return Message.newQuery(
        Record.newRecord(
            Name.fromConstantString("many.shop.svc.cluster.local."), Type.A, DClass.IN));
  }

  private static Service service() {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("many")
        .endMetadata()
        .withNewSpec()
        .withClusterIP("None")
        .endSpec()
        .build();
  }

  private static EndpointSlice slice() {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("many-1")
        .addToLabels("kubernetes.io/service-name", "many")
        .endMetadata()
        .withEndpoints(
            IntStream.range(0, PODS)
                .mapToObj(i -> new EndpointBuilder().withAddresses("10.244.1." + i).build())
                .toList())
        .build();
  }
}
