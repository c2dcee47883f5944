package dev.shiplog.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that hold on to what others need, at a server that waits for seconds only. */
@QuarkusTest
@QuarkusTestResource(value = TlsFiles.class, restrictToAnnotatedClass = true)
class BoundsTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int WATCHES = 20;

  @TestHTTPResource("/")
  URI server;

  @Test
  void aBodyThatComesByAByteAtATimeIsNotWaitedFor() throws Exception {
    try (Socket socket = new Socket("localhost", server.getPort())) {
      socket.setSoTimeout(30_000);
      String head =
          """
          POST %s HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer admin-token\r
          Content-Length: 1000\r
          \r
          """
              .formatted(MAPS);
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      Thread drops = Thread.ofVirtual().start(() -> await().until(() -> isCutOff(socket)));

      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);

      drops.join();
      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("did not arrive within 3 s");
    }
  }

  @Test
  void oneUserHasSoManyWatchesAndOthersHaveTheirs() throws IOException {
    RawHttp admin = new RawHttp(server.getPort(), "admin-token");
    List<InputStream> open = new ArrayList<>();
    try {
      for (int i = 0; i < WATCHES; i++) {
        open.add(admin.open(MAPS + "?watch=true"));
      }
      Reply refused = admin.get(MAPS + "?watch=true");

      assertThat(refused.code()).isEqualTo(429);
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.json().path("reason").asText()).isEqualTo("TooManyRequests");
      assertThat(refused.json().path("message").asText())
          .isEqualTo("user \"admin\" has 20 watches open, which is the most one may have");
      new RawHttp(server.getPort(), "node-token").open("/api/v1/services?watch=true").close();
    } finally {
      for (InputStream watch : open) {
        watch.close();
      }
    }
    await().untilAsserted(() -> admin.open(MAPS + "?watch=true").close());
  }

  private static boolean isCutOff(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return false;
    } catch (SocketException gone) {
      return true;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
