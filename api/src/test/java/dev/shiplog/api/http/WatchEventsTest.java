package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.topics.record.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a watch brings, in lines of JSON. */
@QuarkusTest
class WatchEventsTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  @Test
  void anObjectThatBeginsOrCeasesToMatchLabelsIsAddedOrDeleted() {
    long start = write("POST", MAPS, map("turns", "off", ""));
    long on = write("PUT", MAPS + "/turns", map("turns", "on", ""));
    long still = write("PUT", MAPS + "/turns", map("turns", "on", "more"));
    long off = write("PUT", MAPS + "/turns", map("turns", "off", ""));
    write("PUT", MAPS + "/turns", map("turns", "off", "more"));
    long again = write("PUT", MAPS + "/turns", map("turns", "on", ""));
    long gone = gone("turns");

    List<JsonNode> events = watch("&labelSelector=turns=on&resourceVersion=" + start, 5);

    assertThat(events)
        .extracting(WatchEventsTest::type)
        .containsExactly("ADDED", "MODIFIED", "DELETED", "ADDED", "DELETED");
    assertThat(events)
        .extracting(WatchEventsTest::revision)
        .containsExactly(on, still, off, again, gone);
    // What it was when it last matched, at the revision of what ended that.
    assertThat(events.get(2).at("/object/metadata/labels/turns").asText()).isEqualTo("on");
    assertThat(events.get(2).at("/object/data/text").asText()).isEqualTo("more");
  }

  @Test
  void aSelectorOfFieldsKeepsOthersAway() {
    long start = write("POST", MAPS, map("one", "x", ""));
    write("POST", MAPS, map("other", "x", ""));
    long changed = write("PUT", MAPS + "/one", map("one", "x", "more"));

    List<JsonNode> events = watch("&fieldSelector=metadata.name=one&resourceVersion=" + start, 1);

    assertThat(events).extracting(WatchEventsTest::revision).containsExactly(changed);
  }

  @Test
  void withoutARevisionItBeginsWithTheState() {
    write("POST", MAPS, map("there", "state", ""));

    List<JsonNode> events = watch("&labelSelector=there=state", 1);

    assertThat(events).extracting(WatchEventsTest::type).containsExactly("ADDED");
  }

  @Test
  void initialEventsEndWithABookmarkThatSaysSo() {
    write("POST", MAPS, map("initial", "yes", ""));
    String query =
        "&labelSelector=initial=yes&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
            + "&allowWatchBookmarks=true";

    List<JsonNode> events = watch(query, 2);

    assertThat(events).extracting(WatchEventsTest::type).containsExactly("ADDED", "BOOKMARK");
    assertThat(events.get(1).at("/object/metadata/annotations/k8s.io~1initial-events-end").asText())
        .isEqualTo("true");
    assertThat(revision(events.get(1))).isGreaterThanOrEqualTo(revision(events.get(0)));
  }

  @Test
  void withoutInitialEventsItBeginsWithWhatComes() {
    write("POST", MAPS, map("before", "later", ""));
    String query =
        "&labelSelector=before=later&sendInitialEvents=false&resourceVersionMatch=NotOlderThan"
            + "&allowWatchBookmarks=true&timeoutSeconds=1";

    List<JsonNode> events = watch(query, Long.MAX_VALUE);

    assertThat(events).extracting(WatchEventsTest::type).containsOnly("BOOKMARK");
  }

  @Test
  void itEndsAfterItsTimeWithABookmarkOfHowFarItCame() {
    long last = write("POST", MAPS, map("timed", "x", ""));
    write("POST", "/api/v1/namespaces/default/secrets", secret());

    List<JsonNode> events =
        watch(
            "&fieldSelector=metadata.name=timed&allowWatchBookmarks=true&timeoutSeconds=1"
                + "&resourceVersion="
                + last,
            Long.MAX_VALUE);

    assertThat(events).extracting(WatchEventsTest::type).containsExactly("BOOKMARK");
    assertThat(revision(events.getFirst())).isGreaterThanOrEqualTo(last);
    assertThat(events.getFirst().at("/object/kind").asText()).isEqualTo("ConfigMap");
  }

  @Test
  void aClientThatDoesNotReadDelaysNobodyAndMissesNothing() throws Exception {
    int changes = 400;
    String large = "x".repeat(40_000);
    long start = write("POST", MAPS, map("slow", "x", ""));
    String query = "?watch=1&fieldSelector=metadata.name=slow&resourceVersion=" + start;
    try (Socket slow = notReading(MAPS + query)) {
      List<Long> written =
          IntStream.range(0, changes)
              .mapToObj(i -> write("PUT", MAPS + "/slow", map("slow", "x", i + large)))
              .toList();

      assertThat(watch("&fieldSelector=metadata.name=slow&resourceVersion=" + start, changes))
          .extracting(WatchEventsTest::revision)
          .containsExactlyElementsOf(written);
      assertThat(revisions(slow.getInputStream(), changes)).containsExactlyElementsOf(written);
    }
  }

  private Socket notReading(String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.setSoTimeout(60_000);
    socket.connect(new InetSocketAddress("localhost", server.getPort()), 10_000);
    OutputStream out = socket.getOutputStream();
    String request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer admin-token\r\n\r\n"
            .formatted(path);
    out.write(request.getBytes(StandardCharsets.UTF_8));
    out.flush();
    return socket;
  }

  /** Of the lines that are events; the rest is the head and the sizes of chunks. */
  private static List<Long> revisions(InputStream in, int atMost) {
    String text = "\"resourceVersion\":\"";
    return new Scanner(in, StandardCharsets.UTF_8)
        .useDelimiter("\n")
        .tokens()
        .filter(line -> line.contains(text))
        .map(line -> line.substring(line.indexOf(text) + text.length()))
        .map(rest -> Long.parseLong(rest.substring(0, rest.indexOf('"'))))
        .limit(atMost)
        .toList();
  }

  private List<JsonNode> watch(String query, long atMost) {
    try (Stream<String> lines = http.lines(MAPS + "?watch=1" + query)) {
      return lines
          .limit(atMost)
          .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class))
          .toList();
    }
  }

  private long write(String method, String path, String body) {
    RawHttp.Reply reply = http.send(method, path, body);
    assertThat(reply.code()).as(reply.text()).isIn(200, 201);
    return reply.json().at("/metadata/resourceVersion").asLong();
  }

  /** Deletes; the revision of that. */
  private long gone(String name) {
    http.delete(MAPS + "/" + name);
    return http.get(MAPS).json().at("/metadata/resourceVersion").asLong();
  }

  private static String map(String name, String label, String text) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"labels\":{\"%s\":\"%s\"}},\"data\":{\"text\":\"%s\"}}"
        .formatted(name, name, label, text);
  }

  private static String secret() {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"timed\"}}";
  }

  private static String type(JsonNode event) {
    return event.path("type").asText();
  }

  private static long revision(JsonNode event) {
    return event.at("/object/metadata/resourceVersion").asLong();
  }
}
