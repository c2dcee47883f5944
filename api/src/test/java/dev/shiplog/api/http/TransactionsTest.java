package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several operations together: all of them, or none. */
@QuarkusTest
class TransactionsTest {

  @TestHTTPResource("/")
  URI server;

  private AdmissionApi api;

  private AdmissionApi in(String namespace) {
    api = new AdmissionApi(server.getPort(), namespace).begin("");
    return api;
  }

  private Reply transact(String query, List<String> headers, String... operations) {
    return api.http()
        .post(
            "/apis/shiplog.dev/v1/transactions" + query,
            json(
                "{'apiVersion':'shiplog.dev/v1','kind':'Transaction','spec':{'operations':[%s]}}"
                    .formatted(String.join(",", operations))),
            headers.toArray(String[]::new));
  }

  private Reply transact(String... operations) {
    return transact("", List.of(), operations);
  }

  private String map(String name, String value) {
    return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s','namespace':'%s'},'data':{'v':'%s'}}"
        .formatted(name, api.namespace, value);
  }

  private String create(String name, String value) {
    return "{'operation':'Create','object':%s}".formatted(map(name, value));
  }

  private String update(String name, String value) {
    return "{'operation':'Update','object':%s}".formatted(map(name, value));
  }

  private String on(String operation, String name, String rest) {
    return "{'operation':'%s','target':{'apiVersion':'v1','kind':'ConfigMap','namespace':'%s','name':'%s'}%s}"
        .formatted(operation, api.namespace, name, rest);
  }

  private Reply get(String name) {
    return api.http().get(api.path("configmaps/" + name));
  }

  private static List<String> results(Reply reply) {
    return reply.json().at("/status/results").findValuesAsText("result");
  }

  @Test
  void allOperationsTakeEffectInOneRangeOfRevisions() {
    in("tx");
    made(transact(create("a", "1"), create("b", "1"), create("c", "1")));

    Reply done =
        made(
            transact(
                create("new", "1"),
                update("a", "2"),
                on("Patch", "b", ",'patch':{'data':{'w':'3'}}"),
                "{'operation':'Apply','fieldManager':'me','object':%s}".formatted(map("d", "4")),
                on("Delete", "c", "")));

    assertThat(results(done))
        .containsExactly("Created", "Changed", "Changed", "Created", "Deleted");
    assertThat(get("a").json().at("/data/v").asText()).isEqualTo("2");
    assertThat(get("b").json().at("/data/w").asText()).isEqualTo("3");
    assertThat(get("d").json().at("/metadata/managedFields/0/manager").asText()).isEqualTo("me");
    assertThat(get("c").code()).isEqualTo(404);
    long last = done.json().at("/status/revision").asLong();
    JsonNode changes =
        api.http()
            .get("/apis/shiplog.dev/v1/namespaces/tx/changes?since=" + (last - 5))
            .json()
            .path("items");
    assertThat(changes).hasSize(5);
    assertThat(changes)
        .extracting(change -> change.at("/request/uri").asText())
        .containsOnly("/apis/shiplog.dev/v1/transactions");
  }

  @Test
  void ifOneIsRefusedNoneTakesEffectAndEveryRefusalIsListed() {
    in("tx-refused");
    made(transact(create("there", "1")));

    Reply refused =
        transact(
            create("fine", "1"),
            create("there", "2"),
            update("missing", "1"),
            create("Not A Name", "1"));

    assertThat(refused.code()).isEqualTo(422);
    JsonNode causes = refused.json().at("/details/causes");
    assertThat(causes)
        .extracting(cause -> cause.path("field").asText())
        .containsExactly(
            "spec.operations[1]", "spec.operations[2]", "spec.operations[3].metadata.name");
    assertThat(causes)
        .extracting(cause -> cause.path("reason").asText())
        .startsWith("AlreadyExists", "NotFound");
    assertThat(get("fine").code()).isEqualTo(404);
    assertThat(get("there").json().at("/data/v").asText()).isEqualTo("1");
  }

  @Test
  void aNodeMayTellOfEventsTogetherAndNothingElse() {
    in("tx-node");
    List<String> node =
        List.of(
            "Impersonate-User",
            "system:node:n1",
            "Impersonate-Group",
            "system:nodes",
            "Impersonate-Group",
            "system:authenticated");

    made(transact("", node, event("a"), event("b")));
    Reply refused = transact("", node, event("c"), create("map", "1"));

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.json().at("/details/causes"))
        .extracting(cause -> cause.path("field").asText())
        .containsExactly("spec.operations[1]");
    assertThat(api.http().get(api.path("events/b")).code()).isEqualTo(200);
    assertThat(api.http().get(api.path("events/c")).code()).isEqualTo(404);
  }

  private String event(String name) {
    return "{'operation':'Create','object':{'apiVersion':'v1','kind':'Event','metadata':{'name':'%1$s','namespace':'%2$s'},'involvedObject':{'kind':'Pod','namespace':'%2$s','name':'p'},'reason':'Pulled','type':'Normal'}}"
        .formatted(name, api.namespace);
  }

  @Test
  void whatAllRefusalsHaveInCommonIsTheReason() {
    in("tx-reason");
    Reply refused =
        transact(
            "",
            List.of("Impersonate-User", "stranger", "Impersonate-Group", "system:authenticated"),
            create("a", "1"),
            on("Delete", "b", ""));

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.json().at("/details/causes")).hasSize(2);
    assertThat(get("a").code()).isEqualTo(404);
  }

  @Test
  void aLaterOperationSeesWhatAnEarlierOneDoes() {
    in("tx-order");
    String account =
        "{'operation':'Create','object':{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'worker','namespace':'tx-inside'}}}";
    String pod =
        "{'operation':'Create','object':{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'tx-inside'},"
            + "'spec':{'serviceAccountName':'worker','containers':[{'name':'c','image':'%s'}]}}}"
                .formatted(AdmissionApi.QUIET);
    String namespace =
        "{'operation':'Create','object':{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'tx-inside'}}}";

    made(transact(namespace, account, pod));

    assertThat(api.http().get("/api/v1/namespaces/tx-inside/pods/p").code()).isEqualTo(200);
    assertThat(transact(pod.replace("'p'", "'q'").replace("worker", "nobody")).code())
        .isEqualTo(403);
  }

  @Test
  void preconditionsHoldForAll() {
    in("tx-conditions");
    JsonNode first = made(transact(create("lock", "1"), create("b", "1"))).json();
    String revision = first.at("/status/results/0/object/metadata/resourceVersion").asText();
    String held = ",'preconditions':{'resourceVersion':'%s'}".formatted(revision);

    assertThat(results(made(transact(on("Check", "lock", held), update("b", "2")))))
        .containsExactly("Checked", "Changed");
    made(transact(update("lock", "2")));
    Reply refused = transact(on("Check", "lock", held), update("b", "3"));

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.text()).contains("spec.operations[0]");
    assertThat(get("b").json().at("/data/v").asText()).isEqualTo("2");
  }

  @Test
  void aDryRunIsJudgedLikeTheRealThingAndChangesNothing() {
    in("tx-dry");
    Reply dry = made(transact("?dryRun=All", List.of(), create("a", "1"), create("b", "1")));

    assertThat(results(dry)).containsExactly("Created", "Created");
    assertThat(dry.json().at("/status").has("revision")).isFalse();
    assertThat(get("a").code()).isEqualTo(404);
  }

  @Test
  void quotaIsCountedOverAllOfThem() {
    in("tx-quota");
    made(
        api.create(
            "resourcequotas", "v1", "ResourceQuota", "q", "'spec':{'hard':{'configmaps':'1'}}"));

    assertThat(transact(create("a", "1"), create("b", "1")).code()).isEqualTo(403);
    made(transact(create("a", "1")));
  }

  @Test
  void anObjectIsChangedOnceAtMost() {
    in("tx-twice");
    Reply refused = transact(create("a", "1"), update("a", "2"));

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.text()).contains("spec.operations[1]").contains("once");
  }

  @Test
  void nonsenseIsRefusedPlaceByPlace() {
    in("tx-nonsense");
    Reply refused =
        transact(
            "{'operation':'Sing','object':%s}".formatted(map("a", "1")),
            "{'operation':'Create'}",
            "{'operation':'Create','object':{'apiVersion':'v1','kind':'Nothing','metadata':{'name':'n'}}}",
            on("Patch", "x", ""));

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.json().at("/details/causes")).hasSize(4);
    assertThat(transact().code()).isEqualTo(422);
  }

  @Test
  void concurrentTransactionsNeverMix() {
    in("tx-race");
    made(transact(create("x", "0"), create("y", "0")));
    try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
      List<CompletableFuture<Integer>> sent =
          IntStream.range(1, 13)
              .mapToObj(i ->
                  CompletableFuture.supplyAsync(
                      () -> transact(update("x", "" + i), update("y", "" + i)).code(), clients))
              .toList();
      assertThat(sent.stream().map(CompletableFuture::join)).containsOnly(201);
    }
    assertThat(get("x").json().at("/data/v")).isEqualTo(get("y").json().at("/data/v"));
  }
}
