package dev.shiplog.api.http;

import static dev.shiplog.api.http.Definitions.condition;
import static dev.shiplog.api.http.Definitions.version;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the public conformance tests ask of definitions and of what is defined by them. */
@QuarkusTest
class CustomResourceConformanceTest {

  private static final String DEFINITIONS = Definitions.PATH;
  private static final String JSON_PATCH = "application/json-patch+json";

  private static final String STRICT =
      """
      {'type':'object','properties':{
        'spec':{'type':'object','required':['foo'],'properties':{
          'foo':{'type':'string','description':'What it is about.'},
          'count':{'type':'integer','default':5}}},
        'held':{'type':'object','x-kubernetes-embedded-resource':true,
          'x-kubernetes-preserve-unknown-fields':true}}}\
      """;
  private static final String OPEN =
      "{'type':'object','x-kubernetes-preserve-unknown-fields':true}";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;
  private Definitions api;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
    api = new Definitions(http);
  }

  @AfterEach
  void removeDefinitions() {
    api.removeAll();
  }

  private Reply post(String path, String object) {
    return http.post(path + "?fieldValidation=Strict", object.replace('\'', '"'));
  }

  private JsonNode schemas() {
    return http.get("/openapi/v2").json().path("definitions");
  }

  @Test
  void aDefinedResourceIsDiscoveredAndDescribedAtOnce() {
    api.define("foos", "one.example.com", "Foo", version("v1", true, STRICT));

    assertThat(http.get("/apis/one.example.com/v1").text()).contains("\"foos\"");
    String aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    assertThat(http.get("/apis", "Accept", aggregated).text()).contains("one.example.com");
    String type = "com.example.one.v1.Foo";
    assertThat(http.get("/openapi/v3/apis/one.example.com/v1").json().at("/components/schemas"))
        .anyMatch(schema -> schema.at("/properties/spec/properties/foo").has("description"));
    assertThat(schemas().path(type).at("/properties/spec/required/0").asText()).isEqualTo("foo");
  }

  @Test
  void aVersionThatIsNoLongerServedIsNoLongerDescribed() {
    String path = DEFINITIONS + "/foos.two.example.com";
    api.define(
        "foos",
        "two.example.com",
        "Foo",
        version("v1", true, STRICT) + "," + version("v2", false, STRICT));
    assertThat(schemas().has("com.example.two.v2.Foo")).isTrue();

    api.patch(
        path, JSON_PATCH, "[{'op':'replace','path':'/spec/versions/1/served','value':false}]");

    api.await("/apis/two.example.com/v2", reply -> reply.code() == 404);
    assertThat(schemas().has("com.example.two.v2.Foo")).isFalse();
    assertThat(http.get("/openapi/v3/apis/two.example.com/v2").code()).isEqualTo(404);

    api.patch(
        path,
        JSON_PATCH,
        "[{'op':'replace','path':'/spec/versions/1/name','value':'v3'},"
            + "{'op':'replace','path':'/spec/versions/1/served','value':true}]");

    api.await("/apis/two.example.com/v3", reply -> reply.code() == 200);
    assertThat(schemas().has("com.example.two.v3.Foo")).isTrue();
  }

  @Test
  void severalDefinitionsAreDescribedBesideEachOther() {
    api.define("foos", "three.example.com", "Foo", version("v1", true, STRICT));
    api.define("bars", "three.example.com", "Bar", version("v1", true, STRICT));
    api.define("bazs", "three.example.com", "Baz", version("v2", true, STRICT));
    api.define("foos", "four.example.com", "Foo", version("v1", true, STRICT));

    JsonNode schemas = schemas();
    assertThat(
            List.of(
                "com.example.three.v1.Foo",
                "com.example.three.v1.Bar",
                "com.example.three.v2.Baz",
                "com.example.four.v1.Foo"))
        .allMatch(schemas::has);
  }

  @Test
  void whatPreservesUnknownFieldsIsDescribedAndKept() {
    api.define("opens", "five.example.com", "Open", version("v1", true, OPEN));
    String opens = "/apis/five.example.com/v1/namespaces/default/opens";
    String head = "'apiVersion':'five.example.com/v1','kind':'Open','metadata':{'name':'a'}";

    Reply made = post(opens, "{" + head + ",'anything':{'x':1}}");

    assertThat(made.code()).as(made.text()).isEqualTo(201);
    assertThat(made.json().at("/anything/x").asInt()).isEqualTo(1);
    assertThat(
            schemas()
                .path("com.example.five.v1.Open")
                .path("x-kubernetes-preserve-unknown-fields")
                .asBoolean())
        .isTrue();
  }

  @Test
  void duplicatesAndUnknownMetadataAreFoundInAnyResource() {
    api.define("opens", "six.example.com", "Open", version("v1", true, OPEN));
    api.define("foos", "six.example.com", "Foo", version("v1", true, STRICT));
    String base = "/apis/six.example.com/v1/namespaces/default/";
    String head = "'apiVersion':'six.example.com/v1','kind':'%s','metadata':{'name':'a'%s}";

    Reply twice = post(base + "opens", "{" + head.formatted("Open", "") + ",'any':{'x':1,'x':2}}");
    assertThat(twice.text()).contains("duplicate field \\\"any.x\\\"");
    Reply unknown =
        post(
            base + "foos",
            "{"
                + head.formatted("Foo", ",'odd':1")
                + ",'spec':{'foo':'x'},'held':{'apiVersion':'v1','kind':'X',"
                + "'metadata':{'name':'h','strange':2}}}");
    assertThat(unknown.code()).isEqualTo(400);
    assertThat(unknown.text())
        .contains("unknown field \\\"metadata.odd\\\"")
        .contains("unknown field \\\"held.metadata.strange\\\"");
  }

  @Test
  void theStatusOfADefinitionIsPatchedAndUpdated() {
    api.define("foos", "seven.example.com", "Foo", version("v1", true, STRICT));
    String status = DEFINITIONS + "/foos.seven.example.com/status";

    api.patch(
        status,
        JSON_PATCH,
        "[{'op':'add','path':'/status/conditions/-','value':{'type':'Patched','status':'True',"
            + "'reason':'Test','message':'','lastTransitionTime':'2026-01-01T00:00:00Z'}}]");
    JsonNode seen = http.get(status).json();
    Reply put = http.put(status, seen.toString().replace("Patched", "Updated"));

    assertThat(put.code()).as(put.text()).isEqualTo(200);
    assertThat(condition(put.json(), "Updated")).isEqualTo("True");
  }

  @Test
  void definitionsAreListedWatchedAndDeletedTogether() {
    api.define("foos", "eight.example.com", "Foo", version("v1", true, STRICT));
    api.define("bars", "eight.example.com", "Bar", version("v1", true, STRICT));

    assertThat(http.get(Definitions.OURS).json().path("items")).hasSize(2);
    try (Stream<String> events = http.lines(Definitions.OURS + "&watch=true&timeoutSeconds=60")) {
      http.delete(Definitions.OURS);
      assertThat(events.filter(line -> line.contains("\"DELETED\"")).limit(2)).hasSize(2);
    }
    assertThat(http.get("/apis/eight.example.com").code()).isEqualTo(404);
  }

  @Test
  void defaultsHoldForRequestsAndForWhatIsStored() {
    String schema =
        "{'type':'object','properties':{'a':{'type':'string','default':'A'},"
            + "'b':{'type':'string'}}}";
    api.define("foos", "nine.example.com", "Foo", version("v1", true, schema));
    String foos = "/apis/nine.example.com/v1/namespaces/default/foos";
    String path = DEFINITIONS + "/foos.nine.example.com";
    Reply made =
        post(foos, "{'apiVersion':'nine.example.com/v1','kind':'Foo','metadata':{'name':'x'}}");
    assertThat(made.json().path("a").asText()).isEqualTo("A");
    assertThat(made.json().has("b")).isFalse();

    String properties = "/spec/versions/0/schema/openAPIV3Schema/properties/";
    api.patch(path, JSON_PATCH, "[{'op':'add','path':'" + properties + "b/default','value':'B'}]");
    api.await(foos + "/x", reply -> reply.json().path("b").asText().equals("B"));
    api.patch(path, JSON_PATCH, "[{'op':'remove','path':'" + properties + "a/default'}]");

    // What a default once gave was stored with the object.
    assertThat(http.get(foos + "/x").json().path("a").asText()).isEqualTo("A");
  }

  @Test
  void aNameThatIsTakenIsNotAcceptedAndADeprecatedVersionSaysSo() {
    api.define("foos", "ten.example.com", "Foo", version("v1", true, STRICT));
    api.define(
        "olds",
        "ten.example.com",
        "Old",
        version("v1", true, STRICT).replace("{'name'", "{'deprecated':true,'name'"));
    assertThat(http.get("/apis/ten.example.com/v1/namespaces/default/olds").header("Warning"))
        .contains("ten.example.com/v1 Old is deprecated");

    http.post(
        DEFINITIONS,
        """
        {"metadata":{"name":"others.ten.example.com","labels":{"test":"tried"}},
         "spec":{"group":"ten.example.com","scope":"Cluster",
          "names":{"plural":"others","kind":"Foo"},"versions":[{"name":"v1","served":true,
          "storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}\
        """);

    api.await(
        DEFINITIONS + "/others.ten.example.com",
        reply -> condition(reply.json(), "NamesAccepted").equals("False"));
    assertThat(condition(http.get(DEFINITIONS + "/others.ten.example.com").json(), "Established"))
        .isNotEqualTo("True");
  }

  @Test
  void whatAVersionDoesNotKnowIsNotShownInIt() {
    String both = "{'type':'object','properties':{'a':{'type':'string'},'b':{'type':'string'}}}";
    String one = "{'type':'object','properties':{'a':{'type':'string'}}}";
    api.define(
        "cars",
        "five.example.com",
        "Car",
        version("v1", true, both) + "," + version("v2", false, one));
    String cars = "/apis/five.example.com/v1/namespaces/default/cars";
    Reply made =
        post(
            cars,
            "{'apiVersion':'five.example.com/v1','kind':'Car','metadata':{'name':'x'},'a':'1','b':'2'}");
    assertThat(made.code()).as(made.text()).isEqualTo(201);

    JsonNode shown = http.get(cars.replace("v1", "v2") + "/x").json();
    assertThat(shown.path("a").asText()).isEqualTo("1");
    assertThat(shown.has("b")).isFalse();
    assertThat(http.get(cars + "/x").json().path("b").asText()).isEqualTo("2");

    api.patch(
        DEFINITIONS + "/cars.five.example.com",
        JSON_PATCH,
        "[{'op':'remove','path':'/spec/versions/0/schema/openAPIV3Schema/properties/b'}]");
    api.await(cars + "/x", reply -> !reply.json().has("b"));
  }

  @Test
  void whatTheStoredVersionDoesNotKnowIsNotStored() {
    String one = "{'type':'object','properties':{'a':{'type':'string'}}}";
    String both =
        "{'type':'object','required':['b'],'properties':{'a':{'type':'string'},"
            + "'b':{'type':'string'},'c':{'type':'string','default':'x'}}}";
    api.define(
        "cars",
        "six.example.com",
        "Car",
        version("v1", true, one) + "," + version("v2", false, both));
    String cars = "/apis/six.example.com/v2/namespaces/default/cars";
    String car =
        "{'apiVersion':'six.example.com/v2','kind':'Car','metadata':{'name':'x'},'a':'1'%s}";

    // It is judged as it was sent, and kept as the stored version knows it.
    assertThat(post(cars, car.formatted("")).text()).contains("b: Required value");
    Reply made = post(cars, car.formatted(",'b':'2'"));
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    api.patch(
        Definitions.path("cars", "six.example.com"),
        JSON_PATCH,
        "[{'op':'replace','path':'/spec/versions/0/schema/openAPIV3Schema','value':%s}]"
            .formatted(both));

    JsonNode read = api.await(cars.replace("v2", "v1") + "/x", r -> r.json().has("c")).json();
    assertThat(read.path("a").asText()).isEqualTo("1");
    assertThat(read.has("b")).isFalse();
  }
}
