package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ObjectLifecycleTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  private static String map(String name, String value) {
    return """
    {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","labels":{"v":"%s"}},"data":{"k":"%s"}}\
    """
        .formatted(name, value, value);
  }

  @Test
  void anObjectIsCreatedReadReplacedAndDeleted() {
    Reply created = http.post(MAPS, map("life", "1"));
    assertThat(created.code()).as(created.text()).isEqualTo(201);
    assertThat(created.json().at("/metadata/uid").asText()).isNotEmpty();

    assertThat(http.get(MAPS + "/life").text()).isEqualTo(created.text());

    Reply updated = http.put(MAPS + "/life", map("life", "2"));
    assertThat(updated.code()).isEqualTo(200);
    assertThat(updated.json().at("/data/k").asText()).isEqualTo("2");

    Reply deleted = http.delete(MAPS + "/life");
    assertThat(deleted.json().path("status").asText()).isEqualTo("Success");
    assertThat(http.get(MAPS + "/life").code()).isEqualTo(404);
  }

  @Test
  void aWatchTellsOfChangesAfterItsRevision() {
    String revision = http.get(MAPS).json().at("/metadata/resourceVersion").asText();
    http.post(MAPS, map("watched", "1"));
    http.put(MAPS + "/watched", map("watched", "2"));
    http.delete(MAPS + "/watched");

    try (var lines = http.lines(MAPS + "?watch=1&resourceVersion=" + revision)) {
      List<String> types = lines.limit(3).map(l -> l.substring(9, l.indexOf('"', 9))).toList();

      assertThat(types).containsExactly("ADDED", "MODIFIED", "DELETED");
    }
  }
}
