package dev.shiplog.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.record.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Heads of requests that no client library would send, over bare sockets: the answer is one of
 * HTTP's, never a failure of the server, never silence. What is no HTTP is refused before anybody
 * looks for an object, so it is answered without a Status. {@code -Dshiplog.fuzz.heads} and {@code
 * -Dshiplog.fuzz.seed} ask for more and for others.
 */
@QuarkusTest
class HeaderFuzzTest {

  private static final int INPUTS = Integer.getInteger("shiplog.fuzz.heads", 800);
  private static final long SEED = Long.getLong("shiplog.fuzz.seed", 20261129L);
  private static final int PATIENCE_MS = 30_000;

  private static final List<String> NAMES =
      List.of(
          "Accept",
          "Accept-Encoding",
          "Authorization",
          "Content-Type",
          "Content-Length",
          "Content-Encoding",
          "Transfer-Encoding",
          "Expect",
          "Upgrade",
          "HTTP2-Settings",
          "Sec-WebSocket-Key",
          "Sec-WebSocket-Version",
          "Sec-WebSocket-Protocol",
          "X-Stream-Protocol-Version",
          "If-None-Match",
          "Impersonate-User",
          "Impersonate-Group",
          "Impersonate-Uid",
          "Impersonate-Extra-a%2fb",
          "X-Remote-User",
          "X-Forwarded-For",
          "User-Agent",
          "Host",
          "Cookie",
          "Range",
          "Te",
          "Trailer",
          "X-\u00fc",
          "a b",
          "");

  /** Not h2c: that is Vert.x's own business where nothing is encrypted, and everything is. */
  private static final List<String> VALUES =
      List.of(
          "",
          "0",
          "-1",
          "1",
          "99999999999999999999",
          "chunked",
          "chunked, chunked",
          "gzip",
          "identity",
          "100-continue",
          "websocket",
          "SPDY/3.1",
          "*/*",
          "application/json",
          "application/json;q=",
          "application/json;as=Table;v=v1;g=meta.k8s.io",
          "application/vnd.kubernetes.protobuf;stream=watch",
          ";,;,;q=0",
          "Bearer",
          "Bearer x.y.z",
          "Bearer eyJhbGciOiJub25lIn0.e30.",
          "Basic YTpi",
          "system:admin",
          "system:masters",
          "v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.AAAA",
          "\t",
          "\u0000",
          "\u0001\u00ff",
          "%00%0d%0aX-Remote-User: admin",
          "\r\n X-Remote-User: admin",
          "\"");

  private static final List<String> LINES =
      List.of(
          "GET /api/v1/namespaces/default/configmaps HTTP/1.1",
          "GET /api/v1/namespaces/default/pods/x/exec?command=a HTTP/1.1",
          "GET /api/v1/namespaces?watch=true&timeoutSeconds=1 HTTP/1.1",
          "POST /api/v1/namespaces/default/configmaps HTTP/1.1",
          "PATCH /api/v1/namespaces/default/configmaps/x HTTP/1.1",
          "GET /openapi/v2 HTTP/1.1",
          "GET /apis HTTP/1.0",
          "OPTIONS * HTTP/1.1",
          "CONNECT localhost:1 HTTP/1.1",
          "TRACE / HTTP/1.1",
          "GET http://elsewhere/api HTTP/1.1",
          "GET /version HTTP/9.9",
          "GET  /version",
          "\u0016\u0003\u0001");

  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

  /** The whole head of an answer that says how long it is. */
  private static final Pattern LENGTH =
      Pattern.compile("(?is)^HTTP.*?\r\ncontent-length: ([0-9]+)(?:\r\n[^\r]*)*?\r\n\r\n");

  @TestHTTPResource("/")
  URI server;

  @Test
  void everyHeadIsAnswered() throws IOException {
    int refused = 0;
    int unauthorized = 0;
    for (int i = 0; i < INPUTS; i++) {
      String head = head(new Random(SEED + i));
      String reply = reply(head);
      int code = code(head, reply);
      assertThat(code).as("%s%n-> %s", head, reply).isBetween(200, 499);
      refused += code >= 400 ? 1 : 0;
      unauthorized += code == 401 ? 1 : 0;
      requireStatus(head, code, reply);
    }
    System.out.printf(
        "fuzz: %d heads, %d refused, %d of them as unauthorized%n", INPUTS, refused, unauthorized);
    assertThat(refused).isBetween(1, INPUTS - 1);
    assertThat(unauthorized).isPositive();
  }

  private static String head(Random random) {
    StringBuilder head = new StringBuilder(one(LINES, random)).append("\r\n");
    if (random.nextInt(10) != 0) {
      head.append("Host: localhost\r\n");
    }
    if (random.nextInt(4) != 0) {
      head.append("Authorization: Bearer admin-token\r\n");
    }
    for (int i = random.nextInt(5); i >= 0; i--) {
      String value = one(VALUES, random);
      boolean long1 = random.nextInt(100) == 0;
      head.append(one(NAMES, random))
          .append(random.nextInt(40) == 0 ? " " : ": ")
          .append(long1 ? (value + "x").repeat(20_000) : value)
          .append("\r\n");
    }
    // What follows is a body of one byte, or the end of one in chunks.
    return head.append("Connection: close\r\n\r\n0\r\n\r\n").toString();
  }

  /** The answer, to its own end or to that of the connection, which some heads keep open. */
  private static String answer(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] piece = new byte[8192];
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      text.append(new String(piece, 0, n, ISO_8859_1));
      if (text.toString().startsWith(CONTINUE)) {
        text.delete(0, CONTINUE.length());
      }
      Matcher length = LENGTH.matcher(text);
      if (length.find() && text.length() >= length.end() + Integer.parseInt(length.group(1))) {
        break;
      }
    }
    return text.toString();
  }

  /** Sends a head and reads what comes back. */
  private String reply(String head) throws IOException {
    try (Socket socket = new Socket("localhost", server.getPort())) {
      socket.setSoTimeout(PATIENCE_MS);
      try {
        socket.getOutputStream().write(head.getBytes(ISO_8859_1));
        return answer(socket.getInputStream());
      } catch (SocketTimeoutException silence) {
        throw new AssertionError("no answer within " + PATIENCE_MS + " ms to " + head, silence);
      } catch (IOException reset) {
        return ""; // the rest of a head that is too long is not read
      }
    }
  }

  /** A connection that is ended on what is no request counts as a refusal. */
  private static int code(String head, String reply) {
    if (!reply.startsWith("HTTP/")) {
      assertThat(reply).as(head).isEmpty();
      return 400;
    }
    return Integer.parseInt(reply.substring(9, 12));
  }

  private static void requireStatus(String head, int code, String reply) {
    int body = reply.indexOf("\r\n\r\n") + 4;
    if (code >= 400 && reply.contains("application/json\r\n") && body < reply.length()) {
      String text = reply.substring(body);
      assertThat(
              Json.read(text.getBytes(ISO_8859_1), com.fasterxml.jackson.databind.JsonNode.class)
                  .path("code")
                  .asInt())
          .as(head)
          .isEqualTo(code);
    }
  }

  private static <T> T one(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }
}
