package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What does not know how to prove who it is reaches the API through kubectl. */
@ExtendWith(SimulatedCluster.class)
@Timeout(60)
final class KubectlProxyIT {

  private static final String STARTED = "Starting to serve on ";

  private final Kubectl kubectl;

  @TempDir Path directory;

  KubectlProxyIT(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  @Test
  void theApiIsServedOnAPortThatIsFree() throws Exception {
    try (Proxy proxy = proxy("--port=0");
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI versions = URI.create("http://" + proxy.address() + "/api/");
      String answer =
          client.send(HttpRequest.newBuilder(versions).build(), BodyHandlers.ofString()).body();
      assertThat(answer).contains("APIVersions").contains("v1");
    }
  }

  @Test
  void theApiIsServedOnAUnixSocket() throws Exception {
    Path socket = directory.resolve("api.sock");
    try (Proxy proxy = proxy("--unix-socket=" + socket);
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      assertThat(proxy.address()).isEqualTo(socket.toString());
      channel.connect(UnixDomainSocketAddress.of(socket));
      String request = "GET /api/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      String answer =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200").contains("APIVersions");
    }
  }

  private Proxy proxy(String option) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(kubectl.program().toString(), "proxy", option).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", kubectl.kubeconfig().toString());
    Process process = builder.start();
    BufferedReader output = process.inputReader();
    String line = output.readLine();
    assertThat(line).startsWith(STARTED);
    return new Proxy(process, line.substring(STARTED.length()));
  }

  /**
   * A kubectl that goes on until it is ended.
   *
   * @param address where it listens
   */
  private record Proxy(Process process, String address) implements AutoCloseable {
    @Override
    public void close() {
      process.destroy();
    }
  }
}
