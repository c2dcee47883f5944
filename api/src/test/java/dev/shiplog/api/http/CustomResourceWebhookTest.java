package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Webhooks that are asked about custom resources, and about their definitions. */
@QuarkusTest
class CustomResourceWebhookTest {

  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String DEFINITION = DEFINITIONS + "/boats.hooked.example.com";
  private static final String BOATS = "/apis/hooked.example.com/v1/namespaces/default/boats";
  private static final String EVERYTHING =
      "'rules':[{'apiGroups':['hooked.example.com'],'apiVersions':['%s'],'operations':['*'],'resources':['boats']}]";
  private static final String SCHEMA =
      """
      {'type':'object','properties':{'data':{'type':'object','properties':{
        'start':{'type':'string'},'one':{'type':'string'}}}}}\
      """;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;
  private WebhookServer webhook;

  @BeforeEach
  void start() throws Exception {
    http = new RawHttp(server.getPort(), "admin-token");
    webhook = new WebhookServer("outside.webhooks.svc");
    made(http.post(DEFINITIONS, definition("v1")));
    await(DEFINITION, reply -> reply.text().contains("InitialNamesAccepted"));
  }

  @AfterEach
  void stop() {
    http.delete(GROUP + "validatingwebhookconfigurations/boats");
    http.delete(GROUP + "mutatingwebhookconfigurations/boats");
    http.delete(DEFINITION);
    await(DEFINITION, reply -> reply.code() == 404);
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
    assertThat(patched(BOATS + "/a", "{'data':{'start':'bad'}}").code()).isEqualTo(403);
    http.delete(GROUP + "validatingwebhookconfigurations/boats");
    made(patched(BOATS + "/a", "{'data':{'start':'bad'}}"));
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
    Reply refused = http.post(DEFINITIONS, definition("v1").replace("boats", "rafts"));
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
    JsonNode patched = made(patched(asSecond, "{'data':{'start':'again'}}")).json();

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

  private Reply patched(String path, String merge) {
    return http.send("PATCH", path, json(merge), "Content-Type", "application/merge-patch+json");
  }

  private static String boat(String start) {
    return json(
        "{'apiVersion':'hooked.example.com/v1','kind':'Boat','metadata':{'name':'a'},'data':{'start':'%s'}}"
            .formatted(start));
  }

  private static String definition(String stored) {
    return json(
        """
        {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',
         'metadata':{'name':'boats.hooked.example.com'},
         'spec':{'group':'hooked.example.com','scope':'Namespaced',
          'names':{'plural':'boats','kind':'Boat'},'versions':[%s,%s]}}\
        """
            .formatted(version("v1", stored), version("v2", stored)));
  }

  private static String version(String name, String stored) {
    return "{'name':'%s','served':true,'storage':%s,'schema':{'openAPIV3Schema':%s}}"
        .formatted(name, name.equals(stored), SCHEMA);
  }

  private void register(String kind, String path, String rules) {
    made(
        http.post(
            GROUP + kind.toLowerCase(Locale.ROOT) + "webhookconfigurations",
            AdmissionApi.object(
                "admissionregistration.k8s.io/v1",
                kind + "WebhookConfiguration",
                "boats",
                "'webhooks':[{'name':'boats.hooks.example.com','admissionReviewVersions':['v1'],'sideEffects':'None','clientConfig':{'url':'%s','caBundle':'%s'},%s}]"
                    .formatted(webhook.url(path), webhook.caBundle(), rules))));
  }

  private void await(String path, Predicate<Reply> wanted) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Reply reply = http.get(path);
    while (!wanted.test(reply)) {
      assertThat(System.nanoTime()).as(reply.text()).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      reply = http.get(path);
    }
  }
}
