package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import dev.shiplog.topics.record.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A definition comes, its objects live as those of any resource, and it goes. */
@QuarkusTest
class CustomResourcesTest {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String SHIPS = "/apis/sea.example.com/v1/namespaces/default/ships";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void define() {
    http = new RawHttp(server.getPort(), "admin-token");
    Reply created = http.post(DEFINITIONS, definition("ships", "Ship"));
    assertThat(created.code()).as(created.text()).isEqualTo(201);
    assertThat(created.json().at("/status/storedVersions/0").asText()).isEqualTo("v1");
    await(DEFINITIONS + "/ships.sea.example.com", r -> condition(r.json(), "Established", "True"));
  }

  @AfterEach
  void remove() {
    http.delete(DEFINITIONS + "/ships.sea.example.com");
    await(DEFINITIONS + "/ships.sea.example.com", reply -> reply.code() == 404);
  }

  @Test
  void itsObjectsAreCreatedFilledInReadAndDeleted() {
    Reply created = http.post(SHIPS, ship("a", "'masts':3,'odd':1"));

    assertThat(created.code()).as(created.text()).isEqualTo(201);
    assertThat(created.json().at("/spec").toString()).isEqualTo("{\"flag\":\"white\",\"masts\":3}");
    assertThat(created.json().at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(http.get(SHIPS).json().path("kind").asText()).isEqualTo("ShipList");
    assertThat(http.delete(SHIPS + "/a").code()).isEqualTo(200);
    assertThat(http.get(SHIPS + "/a").code()).isEqualTo(404);
  }

  @Test
  void wrongOnesAreRefusedWithTheirCauses() {
    Reply refused = http.post(SHIPS, ship("b", "'masts':'many'"));

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.json().at("/details/causes/0/field").asText()).isEqualTo("spec.masts");
    assertThat(refused.text()).contains("FieldValueTypeInvalid");

    Reply byRule = http.post(SHIPS, ship("b", "'masts':9"));
    assertThat(byRule.text()).contains("too many masts");
  }

  @Test
  void unknownFieldsAreRefusedWhenStrict() {
    Reply refused = http.post(SHIPS + "?fieldValidation=Strict", ship("c", "'odd':1"));

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.text()).contains("unknown field \\\"spec.odd\\\"");
  }

  @Test
  void statusAndScaleAreChangedByThemselves() {
    http.post(SHIPS, ship("d", "'masts':1"));
    Reply status =
        http.put(
            SHIPS + "/d/status",
            ship("d", "'masts':2").replace("}}", "},\"status\":{\"masts\":1}}"));

    assertThat(status.code()).as(status.text()).isEqualTo(200);
    assertThat(status.json().at("/spec/masts").asInt()).isEqualTo(1);
    assertThat(status.json().at("/status/masts").asInt()).isEqualTo(1);
    Reply scale = http.get(SHIPS + "/d/scale");
    assertThat(scale.json().at("/spec/replicas").asInt()).isEqualTo(1);
    Reply negative =
        http.send(
            "PATCH",
            SHIPS + "/d/scale",
            "{\"spec\":{\"replicas\":-1}}",
            "Content-Type",
            "application/merge-patch+json");
    assertThat(negative.code()).isEqualTo(422);
    assertThat(negative.text()).contains("spec.masts", "should be a non-negative integer");
    http.delete(SHIPS + "/d");
  }

  @Test
  void aStrategicPatchIsNotUnderstood() {
    http.post(SHIPS, ship("s", "'masts':1"));

    Reply refused =
        http.send(
            "PATCH", SHIPS + "/s", "{}", "Content-Type", "application/strategic-merge-patch+json");

    assertThat(refused.code()).isEqualTo(415);
    assertThat(refused.text()).contains("application/merge-patch+json");
    http.delete(SHIPS + "/s");
  }

  @Test
  void discoveryAndOpenApiTellOfIt() {
    assertThat(http.get("/apis/sea.example.com/v1").text())
        .contains("\"ships\"", "\"ships/status\"", "\"ships/scale\"", "\"sh\"");
    assertThat(http.get("/openapi/v3/apis/sea.example.com/v1").text())
        .contains("com.example.sea.v1.Ship", "\"masts\"");
    assertThat(http.get("/openapi/v2").text()).contains("com.example.sea.v1.ShipList");
  }

  @Test
  void whatEveryObjectHasIsDescribedInCustomResourcesToo() {
    var ship =
        http.get("/openapi/v3/apis/sea.example.com/v1")
            .json()
            .at("/components/schemas/com.example.sea.v1.Ship/properties");

    assertThat(ship.at("/apiVersion/description").asText()).contains("versioned schema");
    assertThat(ship.at("/kind/description").asText()).contains("REST resource");
  }

  @Test
  void aDocumentIsKeptByItsHash() {
    String path = "/openapi/v3/apis/sea.example.com/v1";
    String url =
        http.get("/openapi/v3")
            .json()
            .at("/paths/apis~1sea.example.com~1v1/serverRelativeURL")
            .asText();
    assertThat(url).startsWith(path + "?hash=");
    assertThat(http.get(url).header("Cache-Control")).contains("immutable");
    assertThat(http.get(path).header("Cache-Control")).doesNotContain("immutable");
    Reply old = http.get(path + "?hash=OLD");
    assertThat(old.code()).isEqualTo(301);
    assertThat(old.header("Location")).isEqualTo(url);
  }

  @Test
  void aNameThatIsTakenIsNotAccepted() {
    http.post(DEFINITIONS, definition("vessels", "Ship"));
    await(
        DEFINITIONS + "/vessels.sea.example.com",
        r -> condition(r.json(), "NamesAccepted", "False"));

    JsonNode refused = http.get(DEFINITIONS + "/vessels.sea.example.com").json();

    assertThat(refused.toString()).contains("is already in use");
    assertThat(condition(refused, "Established", "False")).isTrue();
    http.delete(DEFINITIONS + "/vessels.sea.example.com");
    await(DEFINITIONS + "/vessels.sea.example.com", reply -> reply.code() == 404);
  }

  @Test
  void deletingTheDefinitionDeletesItsObjects() {
    http.post(SHIPS, ship("e", "'masts':1"));

    http.delete(DEFINITIONS + "/ships.sea.example.com");

    await(DEFINITIONS + "/ships.sea.example.com", reply -> reply.code() == 404);
    assertThat(http.get(SHIPS + "/e").code()).isEqualTo(404);
    assertThat(http.get("/apis/sea.example.com/v1").code()).isEqualTo(404);
  }

  @Test
  void anEndingNamespaceLosesItsCustomResourcesAfterItsPods() {
    String namespace = "/api/v1/namespaces/sinking";
    String ships = SHIPS.replace("default", "sinking");
    http.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"sinking\"}}");
    http.post(namespace + "/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    Reply pod =
        http.post(
            namespace + "/pods",
            "{\"metadata\":{\"name\":\"crew\"},\"spec\":{\"containers\":"
                + "[{\"name\":\"c\",\"image\":\"i\"}]}}");
    assertThat(pod.code()).as(pod.text()).isEqualTo(201);
    String before =
        http.post(ships, ship("g", "'masts':1")).json().at("/metadata/resourceVersion").asText();

    http.delete(namespace);
    long podGone =
        http.delete(namespace + "/pods/crew?gracePeriodSeconds=0")
            .json()
            .at("/metadata/resourceVersion")
            .asLong();
    await(ships + "/g", reply -> reply.code() == 404);

    try (var events = http.lines(ships + "?watch=true&resourceVersion=" + before)) {
      String deleted = events.filter(line -> line.contains("DELETED")).findFirst().orElseThrow();
      assertThat(
              Json.read(deleted.getBytes(StandardCharsets.UTF_8), JsonNode.class)
                  .at("/object/metadata/resourceVersion")
                  .asLong())
          .isGreaterThan(podGone);
    }
    http.put(
        namespace + "/finalize",
        "{\"metadata\":{\"name\":\"sinking\"},\"spec\":{\"finalizers\":[]}}");
  }

  @Test
  void anEndingNamespaceTellsWhatKeepsIt() {
    String harbour = "/api/v1/namespaces/harbour";
    String ships = SHIPS.replace("default", "harbour");
    http.post("/api/v1/namespaces", AdmissionApi.object("v1", "Namespace", "harbour", ""));
    AdmissionApi.made(
        http.post(ships, ship("a", "").replace("\"a\"", "\"a\",\"finalizers\":[\"a.b/c\"]")));
    Reply ending = http.delete(harbour);
    assertThat(ending.json().at("/metadata").has("deletionTimestamp")).isTrue();
    assertThat(ending.json().at("/metadata").has("deletionGracePeriodSeconds")).isFalse();

    await(harbour, reply -> reply.text().contains("ships.sea.example.com has 1 resource"));
    assertThat(http.get(harbour).text()).contains("a.b/c in 1 resource instances");

    new AdmissionApi(server.getPort(), "harbour")
        .patch(ships + "/a", "{'metadata':{'finalizers':null}}");
    await(harbour, reply -> reply.text().contains("All content successfully removed"));
    http.put(
        harbour + "/finalize",
        AdmissionApi.object("v1", "Namespace", "harbour", "'spec':{'finalizers':[]}"));
    assertThat(http.get(harbour).code()).isEqualTo(404);
  }

  @Test
  void aDependentGoesWithItsOwner() {
    String owner = http.post(SHIPS, ship("f", "'masts':1")).json().at("/metadata/uid").asText();
    http.post(MAPS, map("f-cargo", owner("Ship", "sea.example.com/v1", "f", owner, false)));

    http.delete(SHIPS + "/f");

    await(MAPS + "/f-cargo", reply -> reply.code() == 404);
  }

  @Test
  void aShipGoesWithTheBuiltInObjectThatOwnsIt() {
    String owner = http.post(MAPS, map("harbour", "")).json().at("/metadata/uid").asText();
    String reference = owner("ConfigMap", "v1", "harbour", owner, false);
    http.post(
        SHIPS, ship("g", "'masts':1").replace("\"name\":\"g\"", "\"name\":\"g\"" + reference));

    http.delete(MAPS + "/harbour");

    await(SHIPS + "/g", reply -> reply.code() == 404);
  }

  @Test
  void inTheForegroundAnOwnerGoesAfterItsDependents() {
    String owner = http.post(SHIPS, ship("h", "'masts':1")).json().at("/metadata/uid").asText();
    String reference = owner("Ship", "sea.example.com/v1", "h", owner, true);
    http.post(MAPS, map("h-cargo", reference));

    Reply marked = http.delete(SHIPS + "/h?propagationPolicy=Foreground");

    assertThat(marked.json().at("/metadata/finalizers/0").asText()).isEqualTo("foregroundDeletion");
    await(SHIPS + "/h", reply -> reply.code() == 404);
    assertThat(http.get(MAPS + "/h-cargo").code()).isEqualTo(404);
  }

  @Test
  void anOrphanStaysWithoutItsOwner() {
    String owner = http.post(SHIPS, ship("i", "'masts':1")).json().at("/metadata/uid").asText();
    String reference = owner("Ship", "sea.example.com/v1", "i", owner, false);
    http.post(MAPS, map("i-cargo", reference));

    http.delete(SHIPS + "/i?propagationPolicy=Orphan");

    await(SHIPS + "/i", reply -> reply.code() == 404);
    assertThat(http.get(MAPS + "/i-cargo").json().at("/metadata/ownerReferences").isMissingNode())
        .isTrue();
    http.delete(MAPS + "/i-cargo");
  }

  private static String owner(
      String kind, String apiVersion, String name, String uid, boolean blocks) {
    return ",'ownerReferences':[{'apiVersion':'%s','kind':'%s','name':'%s','uid':'%s','blockOwnerDeletion':%s}]"
        .formatted(apiVersion, kind, name, uid, blocks)
        .replace('\'', '"');
  }

  private static String map(String name, String owner) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"%s}}"
        .formatted(name, owner);
  }

  private void await(String path, Predicate<Reply> condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.test(http.get(path))) {
      assertThat(System.nanoTime()).as(path + ": " + http.get(path).text()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static boolean condition(JsonNode object, String type, String status) {
    for (JsonNode condition : object.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText().equals(status);
      }
    }
    return false;
  }

  private static String ship(String name, String spec) {
    return "{'apiVersion':'sea.example.com/v1','kind':'Ship','metadata':{'name':'%s'},'spec':{%s}}"
        .formatted(name, spec)
        .replace('\'', '"');
  }

  private static String definition(String plural, String kind) {
    return """
    {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',
     'metadata':{'name':'%1$s.sea.example.com'},
     'spec':{'group':'sea.example.com','scope':'Namespaced',
      'names':{'plural':'%1$s','kind':'%2$s','shortNames':['%3$s']},
      'versions':[{'name':'v1','served':true,'storage':true,
       'subresources':{'status':{},'scale':{'specReplicasPath':'.spec.masts','statusReplicasPath':'.status.masts'}},
       'schema':{'openAPIV3Schema':{'type':'object','properties':{
        'spec':{'type':'object','x-kubernetes-validations':[{'rule':'!has(self.masts) || self.masts < 8','message':'too many masts'}],
         'properties':{'masts':{'type':'integer'},'flag':{'type':'string','default':'white'}}},
        'status':{'type':'object','properties':{'masts':{'type':'integer'}}}}}}}]}}
    """
        .formatted(plural, kind, plural.substring(0, 2))
        .replace('\'', '"');
  }
}
