package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Webhooks as servers of their own, asked over HTTPS. */
@QuarkusTest
class WebhookTest {

  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
  private static final String MAPS = AdmissionApi.rules("'CREATE','UPDATE','DELETE'", "configmaps");

  @TestHTTPResource("/")
  URI server;

  private AdmissionApi api;
  private WebhookServer webhook;

  @BeforeEach
  void start() throws Exception {
    webhook = new WebhookServer("outside.webhooks.svc");
  }

  @AfterEach
  void stop() {
    for (String kind : new String[] {"validating", "mutating"}) {
      for (String name : new String[] {"one", "two"}) {
        api.http().delete(GROUP + kind + "webhookconfigurations/" + name);
      }
    }
    webhook.close();
  }

  private void in(String namespace) {
    api = new AdmissionApi(server.getPort(), namespace).begin("");
  }

  private Reply register(String kind, String name, String path, String rest) {
    return api.webhook(kind, name, webhook.client(path), MAPS, rest);
  }

  private Reply map(String name, String data) {
    return api.create("configmaps", "v1", "ConfigMap", name, "'data':{" + data + "}");
  }

  @Test
  void aValidatingWebhookSeesTheRequestAndRefusesIt() {
    in("hook-validate");
    webhook.answer(
        "/validate",
        (request, response) -> {
          response.putArray("warnings").add("seen");
          if (request.at("/object/data/bad").asText().equals("yes")) {
            response.put("allowed", false).putObject("status").put("message", "no bad maps");
          }
        });
    made(register("Validating", "one", "/validate", ""));

    Reply refused = map("x", "'bad':'yes'");
    Reply allowed = made(map("y", "'a':'1'"));

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.json().path("message").asText())
        .isEqualTo("admission webhook \"one.hooks.example.com\" denied the request: no bad maps");
    assertThat(allowed.header("Warning")).contains("seen");
    JsonNode asked = webhook.asked().getFirst();
    assertThat(asked.path("operation").asText()).isEqualTo("CREATE");
    assertThat(asked.at("/resource/resource").asText()).isEqualTo("configmaps");
    assertThat(asked.at("/userInfo/username").asText()).isEqualTo("admin");
    assertThat(asked.at("/object/metadata/name").asText()).isEqualTo("x");
    assertThat(asked.path("dryRun").asBoolean(true)).isFalse();
  }

  @Test
  void updatesAndDeletionsAreShownWithWhatWas() {
    in("hook-delete");
    made(map("x", "'a':'1'"));
    webhook.answer(
        "/validate",
        (request, response) ->
            response.put("allowed", !request.path("operation").asText().equals("DELETE")));
    made(register("Validating", "one", "/validate", ""));

    made(api.patch(api.path("configmaps/x"), "{'data':{'a':'2'}}"));
    assertThat(api.http().delete(api.path("configmaps/x")).code()).isEqualTo(403);

    assertThat(webhook.asked().get(0).at("/oldObject/data/a").asText()).isEqualTo("1");
    assertThat(webhook.asked().get(0).at("/object/data/a").asText()).isEqualTo("2");
    assertThat(webhook.asked().get(1).path("object").isNull()).isTrue();
    assertThat(webhook.asked().get(1).at("/oldObject/data/a").asText()).isEqualTo("2");
  }

  @Test
  void aChangedConfigurationHoldsForTheNextRequest() {
    in("hook-changed");
    webhook.answer("/deny", (request, response) -> response.put("allowed", false));
    made(register("Validating", "one", "/deny", ""));
    String one = GROUP + "validatingwebhookconfigurations/one";
    assertThat(map("x", "'a':'1'").code()).isEqualTo(403);

    JsonNode spoken = api.http().get(one).json();
    ((ArrayNode) spoken.at("/webhooks/0/rules/0/operations")).removeAll().add("UPDATE");
    made(api.http().put(one, spoken.toString()));
    made(map("x", "'a':'1'"));

    made(
        api.http()
            .send(
                "PATCH",
                one,
                AdmissionApi.json(
                    "[{'op':'replace','path':'/webhooks/0/rules/0/operations','value':['CREATE']}]"),
                "Content-Type",
                "application/json-patch+json"));
    assertThat(map("y", "'a':'1'").code()).isEqualTo(403);
  }

  @Test
  void mutatingWebhooksPatchInTurnAndAreAskedAgainIfTheyWant() {
    in("hook-mutate");
    webhook.answer(
        "/first",
        (request, response) -> {
          if (request.at("/object/data/second").isTextual()) {
            WebhookServer.patch(response, "[{'op':'add','path':'/data/again','value':'yes'}]");
          }
        });
    webhook.answer(
        "/second",
        (request, response) ->
            WebhookServer.patch(response, "[{'op':'add','path':'/data/second','value':'yes'}]"));
    made(register("Mutating", "one", "/first", "'reinvocationPolicy':'IfNeeded'"));
    made(register("Mutating", "two", "/second", ""));

    JsonNode made = made(map("x", "'a':'1'")).json();

    assertThat(made.at("/data/second").asText()).isEqualTo("yes");
    assertThat(made.at("/data/again").asText()).isEqualTo("yes");
    assertThat(webhook.asked()).hasSize(3);
  }

  @Test
  void whatAWebhookAddsToAPodGetsItsDefaults() {
    in("hook-defaults");
    webhook.answer(
        "/pods",
        (request, response) ->
            WebhookServer.patch(
                response,
                "[{'op':'add','path':'/spec/initContainers','value':[{'name':'added','image':'a'}]}]"));
    made(
        api.webhook(
            "Mutating", "one", webhook.client("/pods"), MAPS.replace("configmaps", "pods"), ""));

    JsonNode added = made(api.pod("x", "")).json().at("/spec/initContainers/0");

    assertThat(added.path("name").asText()).isEqualTo("added");
    assertThat(added.path("imagePullPolicy").asText()).isEqualTo("Always");
    assertThat(added.path("terminationMessagePath").asText()).isEqualTo("/dev/termination-log");
    assertThat(added.path("terminationMessagePolicy").asText()).isEqualTo("File");
  }

  @Test
  void aWebhookThatCannotBeAskedRefusesUnlessItsFailureIsIgnored() {
    in("hook-failing");
    webhook.keepSilent("/silent");
    made(register("Validating", "one", "/silent", "'timeoutSeconds':1"));

    Reply refused = map("x", "'a':'1'");
    assertThat(refused.code()).isEqualTo(500);
    assertThat(refused.text()).contains("failed calling webhook").contains("deadline");

    api.http().delete(GROUP + "validatingwebhookconfigurations/one");
    made(register("Validating", "one", "/silent", "'timeoutSeconds':1,'failurePolicy':'Ignore'"));
    made(map("x", "'a':'1'"));
  }

  @Test
  void aServerWhoseCertificateIsNotTrustedIsNotAsked() throws Exception {
    in("hook-untrusted");
    webhook.answer("/validate", (request, response) -> {});
    try (WebhookServer other = new WebhookServer("other")) {
      made(
          api.webhook(
              "Validating",
              "one",
              "'url':'%s','caBundle':'%s'".formatted(webhook.url("/validate"), other.caBundle()),
              MAPS,
              ""));

      assertThat(map("x", "'a':'1'").code()).isEqualTo(500);
      assertThat(webhook.asked()).isEmpty();
    }
  }

  @Test
  void matchConditionsDecideWhichRequestsAreSent() {
    in("hook-conditions");
    webhook.answer("/validate", (request, response) -> response.put("allowed", false));
    made(
        register(
            "Validating",
            "one",
            "/validate",
            "'matchConditions':[{'name':'c','expression':'object.metadata.name == \\u0022checked\\u0022'}]"));

    made(map("free", "'a':'1'"));
    assertThat(map("checked", "'a':'1'").code()).isEqualTo(403);
    Reply broken =
        register(
            "Validating",
            "two",
            "/validate",
            "'matchConditions':[{'name':'c','expression':'object.('}]");
    assertThat(broken.code()).isEqualTo(422);
    assertThat(broken.text()).contains("matchConditions[0].expression");
  }

  @Test
  void aWebhookWithSideEffectsIsNotAskedInADryRun() {
    in("hook-dry");
    webhook.answer("/validate", (request, response) -> {});
    String rest =
        "'objectSelector':{'matchExpressions':[{'key':'skip','operator':'DoesNotExist'}]}";
    made(register("Validating", "one", "/validate", rest));

    String dry = api.path("configmaps") + "?dryRun=All";
    made(api.http().post(dry, AdmissionApi.object("v1", "ConfigMap", "x", "")));
    assertThat(webhook.asked().getFirst().path("dryRun").asBoolean()).isTrue();
    String labelled =
        AdmissionApi.json(
            "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'z','labels':{'skip':'me'}}}");
    made(api.http().post(api.path("configmaps"), labelled));
    assertThat(webhook.asked()).hasSize(1);
  }

  @Test
  void aServiceIsReachedAtItsEndpointsUnderItsOwnName() {
    in("webhooks");
    webhook.answer("/validate", (request, response) -> response.put("allowed", false));
    made(api.create("services", "v1", "Service", "hook", "'spec':{'ports':[{'port':443}]}"));
    made(
        api.http()
            .post(
                "/apis/discovery.k8s.io/v1/namespaces/webhooks/endpointslices",
                AdmissionApi.json(
                    "{'apiVersion':'discovery.k8s.io/v1','kind':'EndpointSlice','metadata':{'name':'hook-1','labels':{'kubernetes.io/service-name':'hook'}},'addressType':'IPv4','endpoints':[{'addresses':['10.1.2.3'],'conditions':{'ready':false}}],'ports':[{'name':'','port':%d}]}"
                        .formatted(webhook.port()))));
    byService("hook", 443);

    assertThat(map("x", "'a':'1'").text()).contains("no endpoints available for service");

    api.http().delete(GROUP + "validatingwebhookconfigurations/one");
    made(
        api.create(
            "services",
            "v1",
            "Service",
            "outside",
            "'spec':{'type':'ExternalName','externalName':'localhost'}"));
    byService("outside", webhook.port());
    assertThat(map("x", "'a':'1'").text()).contains("denied the request");
  }

  private void byService(String service, int port) {
    made(
        api.webhook(
            "Validating",
            "one",
            "'service':{'namespace':'webhooks','name':'%s','path':'/validate','port':%d},'caBundle':'%s'"
                .formatted(service, port, webhook.caBundle()),
            MAPS,
            "'timeoutSeconds':2"));
  }

  @Test
  void whatDecidesOverRequestsCannotBeLockedIn() {
    in("hook-lock");
    webhook.answer("/validate", (request, response) -> response.put("allowed", false));
    String everything =
        "'rules':[{'apiGroups':['admissionregistration.k8s.io'],'apiVersions':['*'],'operations':['*'],'resources':['*']}]";
    made(api.webhook("Validating", "one", webhook.client("/validate"), everything, ""));

    assertThat(api.http().delete(GROUP + "validatingwebhookconfigurations/one").code())
        .isEqualTo(200);
    assertThat(webhook.asked()).isEmpty();
  }
}
