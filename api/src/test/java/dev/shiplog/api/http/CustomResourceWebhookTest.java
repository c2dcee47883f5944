package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static dev.shiplog.api.http.Definitions.version;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Webhooks that are asked about custom resources, and about their definitions. */
@QuarkusTest
class CustomResourceWebhookTest {

  private static final String DEFINITION = Definitions.path("boats", "hooked.example.com");
  private static final String BOATS = "/apis/hooked.example.com/v1/namespaces/default/boats";
  private static final String EVERYTHING =
      "'rules':[{'apiGroups':['hooked.example.com'],'apiVersions':['%s'],'operations':['*'],'resources':['boats']}]";
  private static final String SCHEMA =
      """
      {'type':'object','properties':{'data':{'type':'object','properties':{
        'start':{'type':'string'},'one':{'type':'string'}}}}}\
      """;

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;
  private AdmissionApi admission;
  private Definitions api;
  private WebhookServer webhook;

  @BeforeEach
  void start() throws Exception {
    admission = new AdmissionApi(server.getPort(), "default");
    http = admission.http();
    webhook = new WebhookServer("outside.webhooks.svc");
    api = new Definitions(http);
    api.define("boats", "hooked.example.com", "Boat", versions("v1"));
  }

  @AfterEach
  void stop() {
    http.delete(AdmissionApi.webhooks("Validating") + "/boats");
    http.delete(AdmissionApi.webhooks("Mutating") + "/boats");
    api.removeAll();
    webhook.close();
  }

  @Test
  void creatingChangingAndDeletingACustomResourceCanBeDenied() {
    webhook.answer(
        "/deny",
        (request, response) -> {
          String of = request.path("operation").asText().equals("DELETE") ? "oldObject" : "object";
          response.put("allowed", !request.path(of).at("/data/start").asText().equals("bad"));
        });
    made(http.post(BOATS, boat("good")));
    register("Validating", "/deny", EVERYTHING.formatted("v1"));

    assertThat(http.post(BOATS, boat("bad").replace("\"a\"", "\"b\"")).code()).isEqualTo(403);
    assertThat(admission.patch(BOATS + "/a", "{'data':{'start':'bad'}}").code()).isEqualTo(403);
    http.delete(AdmissionApi.webhooks("Validating") + "/boats");
    made(admission.patch(BOATS + "/a", "{'data':{'start':'bad'}}"));
    register("Validating", "/deny", EVERYTHING.formatted("v1"));
    assertThat(http.delete(BOATS + "/a").code()).isEqualTo(403);
    assertThat(http.delete(BOATS).code()).isEqualTo(403);
  }

  @Test
  void aDefinitionCanBeDenied() {
    webhook.answer("/deny", (request, response) -> response.put("allowed", false));
    register(
        "Validating",
        "/deny",
        "'rules':[{'apiGroups':['apiextensions.k8s.io'],'apiVersions':['*'],'operations':['CREATE'],'resources':['customresourcedefinitions']}]");
    Reply refused = http.post(Definitions.PATH, definition("v1").replace("boats", "rafts"));
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.text()).contains("denied the request");
  }

  @Test
  void whatAWebhookAddsToACustomResourceIsPruned() {
    webhook.answer(
        "/mutate",
        (request, response) ->
            WebhookServer.patch(
                response,
                "[{'op':'add','path':'/data/one','value':'yes'},{'op':'add','path':'/data/odd','value':'yes'}]"));
    register("Mutating", "/mutate", EVERYTHING.formatted("v1"));
    JsonNode made = made(http.post(BOATS, boat("yes"))).json();
    assertThat(made.path("data").toString()).isEqualTo("{\"one\":\"yes\",\"start\":\"yes\"}");
  }

  @Test
  void aWebhookIsAskedInItsVersionWhicheverIsStored() {
    made(http.post(BOATS, boat("yes")));
    made(http.put(DEFINITION, definition("v2").replace("\"metadata\":{", revision())));
    webhook.answer(
        "/mutate",
        (request, response) ->
            WebhookServer.patch(response, "[{'op':'add','path':'/data/one','value':'yes'}]"));
    register("Mutating", "/mutate", EVERYTHING.formatted("v1"));

    String asSecond = BOATS.replace("/v1/", "/v2/") + "/a";
    JsonNode patched = made(admission.patch(asSecond, "{'data':{'start':'again'}}")).json();

    assertThat(patched.path("apiVersion").asText()).isEqualTo("hooked.example.com/v2");
    assertThat(patched.at("/data/one").asText()).isEqualTo("yes");
    JsonNode asked = webhook.asked().getFirst();
    assertThat(asked.at("/object/apiVersion").asText()).isEqualTo("hooked.example.com/v1");
    assertThat(asked.at("/requestKind/version").asText()).isEqualTo("v2");
    assertThat(asked.at("/kind/version").asText()).isEqualTo("v1");
  }

  private String revision() {
    return "\"metadata\":{\"resourceVersion\":\"%s\","
        .formatted(http.get(DEFINITION).json().at("/metadata/resourceVersion").asText());
  }

  private static String boat(String start) {
    return json(
        "{'apiVersion':'hooked.example.com/v1','kind':'Boat','metadata':{'name':'a'},'data':{'start':'%s'}}"
            .formatted(start));
  }

  private static String definition(String stored) {
    return Definitions.definition("boats", "hooked.example.com", "Boat", versions(stored));
  }

  private static String versions(String stored) {
    return version("v1", stored.equals("v1"), SCHEMA)
        + ","
        + version("v2", stored.equals("v2"), SCHEMA);
  }

  private void register(String kind, String path, String rules) {
    made(admission.webhook(kind, "boats", webhook.client(path), rules, ""));
  }
}
