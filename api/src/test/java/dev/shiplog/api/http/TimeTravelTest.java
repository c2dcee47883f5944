package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import dev.shiplog.topics.record.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API tells of the past, and how it brings a namespace back. */
@QuarkusTest
class TimeTravelTest {

  private static final String CANARY = "Y2FuYXJ5LW9mLXRoZS1wYXN0";

  @TestHTTPResource("/")
  URI server;

  private AdmissionApi api;

  private AdmissionApi in(String namespace) {
    api = new AdmissionApi(server.getPort(), namespace).begin("");
    return api;
  }

  private long configMap(String name, String value) {
    return revision(
        made(api.create(
                "configmaps", "v1", "ConfigMap", name, "'data':{'v':'%s'}".formatted(value)))
            .json());
  }

  private long change(String name, String value) {
    return revision(
        made(api.patch(api.path("configmaps/" + name), "{'data':{'v':'%s'}}".formatted(value)))
            .json());
  }

  private static long revision(JsonNode object) {
    return object.at("/metadata/resourceVersion").asLong();
  }

  private String changes() {
    return "/apis/shiplog.dev/v1/namespaces/" + api.namespace + "/changes";
  }

  private List<String> told(String query, String... headers) {
    List<String> told = new ArrayList<>();
    api.http()
        .get(changes() + query, headers)
        .json()
        .path("items")
        .forEach(change ->
            told.add(change.path("operation").asText() + " " + change.at("/object/name").asText()));
    return told;
  }

  @Test
  void anObjectIsShownAsItWasAtARevision() {
    in("past-get");
    long first = configMap("m", "one");
    long second = change("m", "two");
    api.http().delete(api.path("configmaps/m"));

    String exact = "?resourceVersionMatch=Exact&resourceVersion=";
    assertThat(
            api.http().get(api.path("configmaps/m") + exact + first).json().at("/data/v").asText())
        .isEqualTo("one");
    assertThat(
            api.http().get(api.path("configmaps/m") + exact + second).json().at("/data/v").asText())
        .isEqualTo("two");
    assertThat(api.http().get(api.path("configmaps/m") + exact + (first - 1)).code())
        .isEqualTo(404);
    assertThat(api.http().get(api.path("configmaps") + exact + second).json().path("items"))
        .hasSize(1);
  }

  @Test
  void changesSayWhoDidWhatWhenWithTheObjectBeforeAndAfter() {
    in("past-changes");
    configMap("m", "one");
    long second = change("m", "two");

    JsonNode change = api.http().get(changes() + "/" + second).json();

    assertThat(change.path("kind").asText()).isEqualTo("Change");
    assertThat(change.path("operation").asText()).isEqualTo("Update");
    assertThat(change.at("/object/resource").asText()).isEqualTo("configmaps");
    assertThat(change.at("/object/name").asText()).isEqualTo("m");
    assertThat(change.at("/request/user/username").asText()).isEqualTo("admin");
    assertThat(change.at("/request/verb").asText()).isEqualTo("patch");
    assertThat(change.at("/before/data/v").asText()).isEqualTo("one");
    assertThat(change.at("/after/data/v").asText()).isEqualTo("two");
    assertThat(change.path("time").asText()).endsWith("Z");
  }

  @Test
  void changesAreSelectedByWhoWhatAndWhen() {
    in("past-filter");
    long first = configMap("a", "1");
    configMap("b", "1");
    change("a", "2");
    String kinds = "&resource=configmaps";

    assertThat(told("?name=a" + kinds)).containsExactly("Create a", "Update a");
    assertThat(told("?operation=Create" + kinds)).containsExactly("Create a", "Create b");
    assertThat(told("?since=" + first + kinds)).containsExactly("Create b", "Update a");
    assertThat(told("?until=" + first + kinds)).containsExactly("Create a");
    assertThat(told("?newestFirst=true&limit=2" + kinds)).containsExactly("Update a", "Create b");
    assertThat(told("?user=nobody")).isEmpty();
    assertThat(told("?since=2000-01-01T00:00:00Z" + kinds)).hasSize(3);
    assertThat(told("?since=2100-01-01T00:00:00Z" + kinds)).isEmpty();
    assertThat(told("?fieldSelector=object.name%3Da,request.verb%3Dpatch"))
        .containsExactly("Update a");
    assertThat(api.http().get(changes() + "?fieldSelector=spec.x%3D1").code()).isEqualTo(400);
    assertThat(api.http().get(changes() + "?since=yesterday").text()).contains("2026-01-31T10");
  }

  /** Whoever builds a page on it sees the mistake, and not everything or nothing. */
  @ParameterizedTest
  @CsvSource({
    "labelSelector=a%3Db, changes have no labels",
    "operation=delete, 'is none of Create, Update, Delete'",
    "limit=many, invalid value of limit",
    "limit=-1, limit must not be negative",
    "until=tomorrow, invalid value of until",
    "continue=here, continue key is not valid"
  })
  void aQuestionThatMakesNoSenseIsRefused(String query, String says) {
    api = new AdmissionApi(server.getPort(), "default");

    Reply reply = api.http().get(changes() + "?" + query);

    assertThat(reply.code()).isEqualTo(400);
    assertThat(reply.text()).contains(says);
  }

  @Test
  void changesComeInPagesInBothDirections() {
    in("past-pages");
    for (int i = 0; i < 7; i++) {
      configMap("m" + i, "1");
    }

    assertThat(pages("?resource=configmaps&limit=3"))
        .containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6");
    assertThat(pages("?resource=configmaps&newestFirst=true&limit=3"))
        .containsExactly("m6", "m5", "m4", "m3", "m2", "m1", "m0");
  }

  private List<String> pages(String query) {
    List<String> names = new ArrayList<>();
    String next = "";
    do {
      JsonNode page = api.http().get(changes() + query + next).json();
      page.path("items").forEach(change -> names.add(change.at("/object/name").asText()));
      String token = page.at("/metadata/continue").asText("");
      next = token.isEmpty() ? "" : "&continue=" + token;
    } while (!next.isEmpty());
    return names;
  }

  @Test
  void aWatchGoesOnFromARevisionWithWhatComes() {
    in("past-watch");
    long first = configMap("a", "1");
    change("a", "2");

    try (Stream<String> lines =
        api.http().lines(changes() + "?watch=true&resource=configmaps&resourceVersion=" + first)) {
      Iterator<String> events = lines.iterator();
      assertThat(event(events).at("/object/after/data/v").asText()).isEqualTo("2");
      change("a", "3");
      assertThat(event(events).at("/object/after/data/v").asText()).isEqualTo("3");
    }
  }

  private static JsonNode event(Iterator<String> events) {
    return Json.read(events.next().getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }

  @Test
  void contentsOfSecretsAreLeftOutOfChanges() {
    in("past-secrets");
    made(api.create("secrets", "v1", "Secret", "s", "'data':{'k':'%s'}".formatted(CANARY)));

    Reply told = api.http().get(changes() + "?resource=secrets");

    assertThat(told.json().at("/items/0/after/metadata/name").asText()).isEqualTo("s");
    assertThat(told.text()).doesNotContain(CANARY);
  }

  @Test
  void whoMayNotReadAnObjectDoesNotSeeItsChanges() {
    in("past-rights");
    configMap("seen", "1");
    made(api.create("secrets", "v1", "Secret", "hidden", ""));
    String rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/past-rights/";
    String version = "rbac.authorization.k8s.io/v1";
    made(
        api.post(
            rbac + "roles",
            version,
            "Role",
            "viewer",
            "'rules':[{'apiGroups':['shiplog.dev'],'resources':['changes'],'verbs':['list']},"
                + "{'apiGroups':[''],'resources':['configmaps'],'verbs':['get']}]"));
    made(
        api.post(
            rbac + "rolebindings",
            version,
            "RoleBinding",
            "viewers",
            "'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'Role','name':'viewer'},"
                + "'subjects':[{'kind':'User','apiGroup':'rbac.authorization.k8s.io','name':'viewer'}]"));
    String[] viewer = {"Impersonate-User", "viewer"};

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(told("?operation=Create", viewer)).contains("Create seen"));
    assertThat(told("?operation=Create", viewer)).doesNotContain("Create hidden", "Create viewers");
    assertThat(api.http().get("/apis/shiplog.dev/v1/changes", viewer).code()).isEqualTo(403);
  }

  @Test
  void changesAreATableForKubectl() {
    in("past-table");
    configMap("m", "1");

    JsonNode table =
        api.http()
            .get(
                changes() + "?resource=configmaps",
                "Accept",
                "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
            .json();

    assertThat(table.at("/columnDefinitions/0/name").asText()).isEqualTo("Revision");
    assertThat(table.at("/rows/0/cells/2").asText()).isEqualTo("admin");
    assertThat(table.at("/rows/0/cells/4").asText()).isEqualTo("configmaps/m");
  }

  @Test
  void theGroupIsDiscoveredAndDescribed() {
    in("past-discovery");
    JsonNode resources = api.http().get("/apis/shiplog.dev/v1").json().path("resources");
    assertThat(resources)
        .extracting(resource -> resource.path("name").asText())
        .contains("changes", "transactions", "rewinds");

    JsonNode described = api.http().get("/openapi/v3/apis/shiplog.dev/v1").json();
    assertThat(described.path("paths").has("/apis/shiplog.dev/v1/transactions")).isTrue();
    assertThat(
            described
                .at("/components/schemas/dev.shiplog.v1.Change/properties/before/description")
                .asText())
        .contains("Secrets");
  }

  private Reply rewind(String to, String rest, String query) {
    return api.http()
        .post(
            "/apis/shiplog.dev/v1/namespaces/" + api.namespace + "/rewinds" + query,
            json(
                "{'apiVersion':'shiplog.dev/v1','kind':'Rewind','spec':{'to':'%s'%s}}"
                    .formatted(to, rest)));
  }

  private JsonNode data(String plural, String name) {
    return api.http().get(api.path(plural + "/" + name)).json().path("data");
  }

  @Test
  void aRewindBringsBackWhatWasWantedByOneTransaction() {
    in("rewind");
    configMap("stays", "1");
    configMap("changes", "1");
    made(api.create("secrets", "v1", "Secret", "s", "'data':{'k':'%s'}".formatted(CANARY)));
    long goal = configMap("goes", "1");
    change("changes", "2");
    configMap("comes", "1");
    api.http().delete(api.path("configmaps/goes"));
    api.http().delete(api.path("secrets/s"));

    Reply dry = made(rewind(Long.toString(goal), "", "?dryRun=All"));
    assertThat(dry.text()).doesNotContain(CANARY);
    assertThat(data("configmaps", "changes").path("v").asText()).isEqualTo("2");
    List<String> planned = new ArrayList<>();
    dry.json()
        .at("/status/operations")
        .forEach(step ->
            planned.add(step.path("operation").asText() + " " + step.path("name").asText()));
    assertThat(planned)
        .containsExactlyInAnyOrder("Delete comes", "Create s", "Create goes", "Update changes");

    String plan = dry.json().at("/status/plan").asText();
    JsonNode done = made(rewind(Long.toString(goal), ",'plan':'%s'".formatted(plan), "")).json();

    assertThat(data("configmaps", "changes").path("v").asText()).isEqualTo("1");
    assertThat(data("configmaps", "goes").path("v").asText()).isEqualTo("1");
    assertThat(data("secrets", "s").path("k").asText()).isEqualTo(CANARY);
    assertThat(api.http().get(api.path("configmaps/comes")).code()).isEqualTo(404);
    long committed = done.at("/status/committed").asLong();
    JsonNode all = api.http().get(changes() + "?since=" + (committed - 4)).json().path("items");
    assertThat(all).hasSize(4);
    assertThat(all)
        .extracting(change -> change.at("/request/auditID").asText())
        .containsOnly(all.get(0).at("/request/auditID").asText());
    assertThat(rewind(Long.toString(goal), "", "").json().at("/status/operations")).isEmpty();
  }

  @Test
  void aRewindThatWouldDoSomethingElseThanItShowedDoesNothing() {
    in("rewind-plan");
    long goal = configMap("m", "1");
    change("m", "2");
    String plan = rewind(Long.toString(goal), "", "?dryRun=All").json().at("/status/plan").asText();
    configMap("other", "1");

    assertThat(rewind(Long.toString(goal), ",'plan':'%s'".formatted(plan), "").code())
        .isEqualTo(409);
    assertThat(data("configmaps", "m").path("v").asText()).isEqualTo("2");
  }

  @Test
  void aRewindLeavesAloneWhatControllersMakeAndWhatIsExcepted() {
    in("rewind-left");
    long goal = configMap("m", "1");
    change("m", "2");
    String owned =
        "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'made','ownerReferences':["
            + "{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'r','uid':'u','controller':true}]}}";
    made(api.http().post(api.path("configmaps"), json(owned)));

    JsonNode status =
        made(rewind(Long.toString(goal), ",'except':['configmap/m']", "")).json().path("status");

    assertThat(status.path("operations")).isEmpty();
    assertThat(status.at("/leftAlone/0/reason").asText()).isEqualTo("it was excepted");
    assertThat(api.http().get(api.path("configmaps/made")).code()).isEqualTo(200);
  }

  @Test
  void aRewindIsRefusedForWhatDoesNotExist() {
    in("rewind-bad");

    assertThat(rewind("999999999", "", "").code()).isEqualTo(504);
    assertThat(rewind("soon", "", "").code()).isEqualTo(400);
    assertThat(
            api.http()
                .post(
                    "/apis/shiplog.dev/v1/namespaces/nowhere/rewinds",
                    json("{'apiVersion':'shiplog.dev/v1','kind':'Rewind','spec':{'to':'5'}}"))
                .code())
        .isEqualTo(404);
  }
}
