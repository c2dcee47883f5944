package dev.shiplog.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before there is a request. */
@QuarkusTest
@QuarkusTestResource(value = TlsFiles.class, restrictToAnnotatedClass = true)
class HostileConnectionsTest {

  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int HANDSHAKE_FAILURE = 40;
  private static final int PROTOCOL_VERSION = 70;

  @TestHTTPResource(value = "/", tls = true)
  URI tls;

  @TestHTTPResource("/")
  URI plain;

  /** SSL 3.0, TLS 1.0 and 1.1. */
  @ParameterizedTest
  @ValueSource(ints = {0x0300, 0x0301, 0x0302})
  void oldVersionsOfTlsAreNotSpoken(int version) throws IOException {
    // With suites that those versions had: what is wrong is the version alone.
    byte[] answer = hello(version, 0xC013, 0xC014, 0x002F, 0x0035);

    assertThat(answer[0]).isEqualTo((byte) ALERT);
    assertThat(answer[6]).isEqualTo((byte) PROTOCOL_VERSION);
  }

  /** Without forward secrecy, with CBC, 3DES, RC4, NULL, anonymous, and for export. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        0x002F, 0x009C, 0xC009, 0xC013, 0xC014, 0xC027, 0x000A, 0x0005, 0x003B, 0x0034, 0x0003
      })
  void weakSuitesAreNotSpoken(int suite) throws IOException {
    byte[] answer = hello(0x0303, suite);

    assertThat(answer[0]).isEqualTo((byte) ALERT);
    assertThat(answer[6]).isEqualTo((byte) HANDSHAKE_FAILURE);
  }

  @Test
  void aGoodSuiteOfTls12IsSpoken() throws IOException {
    assertThat(hello(0x0303, 0xC02F, 0xC030, 0xC02B)[0]).isEqualTo((byte) HANDSHAKE);
  }

  @ParameterizedTest
  @CsvSource({"/api?x=,414", "/api HTTP/1.1\\r\\nX-Long: ,431"})
  void aHeadBeyondTheLimitIsRefused(String start, int code) throws IOException {
    try (Socket socket = new Socket("localhost", plain.getPort())) {
      socket.setSoTimeout(30_000);
      String head = "GET " + start.replace("\\r\\n", "\r\n") + "x".repeat(70_000);
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      byte[] status = socket.getInputStream().readNBytes(12); // of HTTP/1.0 or 1.1

      assertThat(new String(status, ISO_8859_1)).startsWith("HTTP/1.").endsWith(" " + code);
    }
  }

  @ParameterizedTest
  @CsvSource({"30000, 100, 401", "100, 30000, 401", "70000, 70000, 431"})
  void overHttp2AHeadHasTheSameLimits(int path, int header, int code) throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .sslContext(TlsFiles.trusting())
            .build()) {
      HttpRequest request =
          HttpRequest.newBuilder(tls.resolve("/api?x=" + "x".repeat(path)))
              .header("X-Long", "x".repeat(header))
              .build();
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());

      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(response.statusCode()).isEqualTo(code);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/livez", "/api/v1/namespaces", "/api/v1/nodes?watch=true"})
  void overHttp2AHeadOnlyIsAnsweredWithoutABody(String path) throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .sslContext(TlsFiles.trusting())
            .build()) {
      HttpRequest request =
          HttpRequest.newBuilder(tls.resolve(path))
              .header("Authorization", "Bearer admin-token")
              .HEAD()
              .build();
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());

      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEmpty();
    }
  }

  /** Greets by hand, since no library of today would; returns the first record of the answer. */
  private byte[] hello(int version, int... suites) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    out.writeShort(version);
    out.write(new byte[32]); // random
    out.writeByte(0); // session
    out.writeShort(suites.length * 2);
    for (int suite : suites) {
      out.writeShort(suite);
    }
    out.writeShort(0x0100); // no compression
    byte[] extensions = extensions();
    out.writeShort(extensions.length);
    out.write(extensions);
    try (Socket socket = new Socket("localhost", tls.getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(record(body.toByteArray()));
      return socket.getInputStream().readNBytes(7);
    }
  }

  private static byte[] record(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(HANDSHAKE);
    out.writeShort(0x0301);
    out.writeShort(body.length + 4);
    out.writeByte(1); // a ClientHello
    out.writeByte(0);
    out.writeShort(body.length);
    out.write(body);
    return bytes.toByteArray();
  }

  /** The usual groups and signatures, so that what is refused is the suite or the version. */
  private static byte[] extensions() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    int[][] lists = {{10, 0x001D, 0x0017}, {13, 0x0403, 0x0804, 0x0401}};
    for (int[] list : lists) {
      out.writeShort(list[0]);
      out.writeShort(list.length * 2);
      out.writeShort((list.length - 1) * 2);
      for (int i = 1; i < list.length; i++) {
        out.writeShort(list[i]);
      }
    }
    return bytes.toByteArray();
  }
}
