package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which state a list shows, and in which pieces. */
@QuarkusTest
class ListTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  @Test
  void withoutARevisionItShowsWhatWasAcknowledgedBefore() {
    create("latest", "a");

    assertThat(names(http.get(MAPS + "?labelSelector=set=latest"))).containsExactly("latest-a");
    assertThat(names(http.get(MAPS + "?labelSelector=set=latest&resourceVersion=0")))
        .containsExactly("latest-a");
  }

  @Test
  void itIsMadeToBeReadByPeopleIfTheyWish() {
    create("pretty", "a");

    Reply list = http.get(MAPS + "?pretty=true&labelSelector=set=pretty");

    assertThat(list.text()).startsWith("{\n").contains("\n  \"kind\" : \"ConfigMapList\"");
    assertThat(names(list)).containsExactly("pretty-a");
    assertThat(http.get(MAPS + "/pretty-a?pretty=1").text()).contains("\n  \"kind\"");
    assertThat(http.get(MAPS + "/pretty-a?pretty=false").text()).doesNotContain("\n");
  }

  @Test
  void aFieldThatIsNotOfferedIsNamed() {
    Reply pods = http.get("/api/v1/pods?fieldSelector=spec.foo=1");
    Reply maps = http.get(MAPS + "?fieldSelector=data.foo=1");

    assertThat(pods.code()).isEqualTo(400);
    assertThat(pods.json().path("message").asText())
        .isEqualTo("field label not supported: spec.foo");
    assertThat(maps.json().path("message").asText())
        .startsWith("\"data.foo\" is not a known field selector");
  }

  @Test
  void exactlyARevisionIsTheStateOfThatTime() {
    String then = create("exact", "b").json().at("/metadata/resourceVersion").asText();
    create("exact", "a");
    http.delete(MAPS + "/exact-b");

    Reply past =
        http.get(
            MAPS + "?labelSelector=set=exact&resourceVersionMatch=Exact&resourceVersion=" + then);

    assertThat(names(past)).containsExactly("exact-b");
    assertThat(revision(past)).isEqualTo(then);
  }

  @Test
  void notOlderThanARevisionIsThatOneOrALaterOne() {
    String then = create("newer", "c").json().at("/metadata/resourceVersion").asText();
    create("newer", "d");

    Reply list =
        http.get(
            MAPS
                + "?labelSelector=set=newer&resourceVersionMatch=NotOlderThan&resourceVersion="
                + then);

    assertThat(names(list)).containsExactly("newer-c", "newer-d");
    assertThat(Long.parseLong(revision(list))).isGreaterThan(Long.parseLong(then));
  }

  @Test
  void aRevisionThatIsStillToComeIsWaitedForAndThenRefusedForNow() {
    Reply early = http.get(MAPS + "?resourceVersion=999999999");

    assertThat(early.code()).isEqualTo(504);
    assertThat(early.json().path("reason").asText()).isEqualTo("Timeout");
    assertThat(early.json().at("/details/causes/0/reason").asText())
        .isEqualTo("ResourceVersionTooLarge");
    assertThat(early.json().at("/details/retryAfterSeconds").asInt()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "'?resourceVersionMatch=Exact', resourceVersionMatch",
    "'?resourceVersionMatch=Exact&resourceVersion=0', resourceVersionMatch",
    "'?resourceVersionMatch=NotOlderThan', resourceVersionMatch",
    "'?resourceVersionMatch=Newest&resourceVersion=1', resourceVersionMatch",
    "'?watch=1&resourceVersionMatch=NotOlderThan&resourceVersion=1', resourceVersionMatch",
    "'?watch=1&sendInitialEvents=true', resourceVersionMatch",
    "'?watch=1&sendInitialEvents=true&resourceVersionMatch=Exact', resourceVersionMatch"
  })
  void demandsThatContradictThemselvesAreInvalid(String query, String field) {
    Reply refused = http.get(MAPS + query);

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.json().at("/details/causes/0/field").asText()).isEqualTo(field);
  }

  @Test
  void allPagesShowTheStateOfTheFirst() {
    for (String name : List.of("1", "2", "3", "4", "5")) {
      create("pages", name);
    }
    String query = MAPS + "?limit=2&labelSelector=set=pages";
    Reply first = http.get(query);
    http.delete(MAPS + "/pages-4");
    create("pages", "45");

    List<String> names = new ArrayList<>(names(first));
    Reply page = first;
    while (!next(page).isEmpty()) {
      page = http.get(query + "&continue=" + next(page));
      assertThat(page.code()).as(page.text()).isEqualTo(200);
      assertThat(revision(page)).isEqualTo(revision(first));
      names.addAll(names(page));
    }

    assertThat(names).containsExactly("pages-1", "pages-2", "pages-3", "pages-4", "pages-5");
  }

  @Test
  void aPageSaysHowManyObjectsAreLeftWhereThatIsKnown() {
    String namespace =
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"left\"}}";
    http.post("/api/v1/namespaces", namespace);
    String maps = "/api/v1/namespaces/left/configmaps";
    for (String name : List.of("a", "b", "c")) {
      http.post(maps, map("left", name));
    }

    JsonNode all = http.get(maps + "?limit=1").json().path("metadata");
    JsonNode selected = http.get(maps + "?limit=1&labelSelector=set=left").json().path("metadata");

    assertThat(all.path("remainingItemCount").asInt()).isEqualTo(2);
    assertThat(selected.has("remainingItemCount")).isFalse();
  }

  @Test
  void aContinuationTakesNoRevision() {
    create("cont", "x");
    create("cont", "y");
    String query = MAPS + "?limit=1&labelSelector=set=cont";
    String token = next(http.get(query));

    assertThat(http.get(query + "&resourceVersion=1&continue=" + token).code()).isEqualTo(400);
  }

  private Reply create(String set, String name) {
    Reply created = http.post(MAPS, map(set, set + "-" + name));
    assertThat(created.code()).as(created.text()).isEqualTo(201);
    return created;
  }

  private static String map(String set, String name) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"labels\":{\"set\":\"%s\"}}}"
        .formatted(name, set);
  }

  private static List<String> names(Reply list) {
    assertThat(list.code()).as(list.text()).isEqualTo(200);
    return list.json().findParents("uid").stream()
        .map(metadata -> metadata.path("name").asText())
        .toList();
  }

  private static String revision(Reply list) {
    return list.json().at("/metadata/resourceVersion").asText();
  }

  private static String next(Reply list) {
    return list.json().at("/metadata/continue").asText("");
  }
}
