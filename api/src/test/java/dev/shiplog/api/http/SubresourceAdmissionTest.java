package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections, and what is created below an object, pass admission like everything else. */
@QuarkusTest
class SubresourceAdmissionTest {

  private static final String POLICIES =
      "/apis/admissionregistration.k8s.io/v1/validatingadmission";

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
    api.http().delete(AdmissionApi.webhooks("Validating") + "/below");
    webhook.close();
  }

  /** A webhook that refuses what is done to objects that are called "closed". */
  private void in(String namespace, String operation, String resource) {
    api = new AdmissionApi(server.getPort(), namespace).begin("");
    webhook.answer(
        "/below",
        (request, response) -> {
          if (request.path("name").asText().startsWith("closed")) {
            response.put("allowed", false).putObject("status").put("message", "it is closed");
          }
        });
    made(
        api.webhook(
            "Validating",
            "below",
            webhook.client("/below"),
            AdmissionApi.rules("'" + operation + "'", resource),
            ""));
  }

  @ParameterizedTest
  @CsvSource({
    "exec, pods, PodExecOptions, '?command=ls&command=-l&container=c&stdin=true'",
    "attach, pods, PodAttachOptions, '?container=c&stdin=true'",
    "portforward, pods, PodPortForwardOptions, '?ports=80'",
    "proxy, pods, PodProxyOptions, ''",
    "proxy, services, ServiceProxyOptions, ''"
  })
  void aConnectionIsAskedAboutBeforeItIsOpened(
      String subresource, String plural, String kind, String query) {
    in("connect-" + subresource + "-" + plural, "CONNECT", plural + "/" + subresource);

    Reply refused = api.http().get(api.path(plural + "/closed/" + subresource + query));
    Reply open = api.http().get(api.path(plural + "/open/" + subresource + query));

    assertThat(refused.code()).as(refused.text()).isEqualTo(403);
    assertThat(refused.json().path("message").asText()).contains("it is closed");
    // There is nothing that it could lead to, and it was no upgrade.
    assertThat(open.code()).isIn(400, 404);
    JsonNode asked = webhook.asked().getFirst();
    assertThat(asked.path("operation").asText()).isEqualTo("CONNECT");
    assertThat(asked.at("/object/kind").asText()).isEqualTo(kind);
    assertThat(asked.at("/kind/kind").asText()).isEqualTo(kind);
    assertThat(asked.path("subResource").asText()).isEqualTo(subresource);
    if (subresource.equals("exec")) {
      assertThat(asked.at("/object/command").toString()).isEqualTo("[\"ls\",\"-l\"]");
      assertThat(asked.at("/object/stdin").asBoolean()).isTrue();
      assertThat(asked.at("/object/stdout").asBoolean()).isTrue();
      assertThat(asked.at("/object/tty").asBoolean(true)).isFalse();
    }
  }

  @Test
  void aPolicyDecidesOverConnections() {
    in("connect-policy", "CONNECT", "pods/none");
    made(
        api.post(
            POLICIES + "policies",
            "admissionregistration.k8s.io/v1",
            "ValidatingAdmissionPolicy",
            "no-shells",
            "'spec':{'matchConstraints':{'resourceRules':[{'apiGroups':[''],'apiVersions':['v1'],'operations':['CONNECT'],'resources':['pods/exec']}]},"
                + "'validations':[{'expression':'!has(object.command) || object.command[0] != \\\"sh\\\"','message':'no shells'}]}"));
    made(
        api.post(
            POLICIES + "policybindings",
            "admissionregistration.k8s.io/v1",
            "ValidatingAdmissionPolicyBinding",
            "no-shells",
            "'spec':{'policyName':'no-shells','validationActions':['Deny'],'matchResources':{'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'connect-policy'}}}}"));

    assertThat(api.http().get(api.path("pods/x/exec?command=sh")).text()).contains("no shells");
    assertThat(api.http().get(api.path("pods/x/exec?command=ls")).code()).isEqualTo(400);
    api.http().delete(POLICIES + "policies/no-shells");
    api.http().delete(POLICIES + "policybindings/no-shells");
  }

  @Test
  void aBindingIsAskedAbout() {
    in("below-binding", "CREATE", "pods/binding");
    made(api.pod("closed", ""));
    made(api.pod("open", ""));
    String binding = json("{'metadata':{'name':'%s'},'target':{'kind':'Node','name':'n'}}");

    Reply refused = api.http().post(api.path("pods/closed/binding"), binding.formatted("closed"));

    assertThat(refused.code()).isEqualTo(403);
    assertThat(api.http().get(api.path("pods/closed")).json().at("/spec/nodeName").asText())
        .isEmpty();
    made(api.http().post(api.path("pods/open/binding"), binding.formatted("open")));
    assertThat(webhook.asked().getFirst().at("/object/target/name").asText()).isEqualTo("n");
    assertThat(webhook.asked().getFirst().at("/kind/kind").asText()).isEqualTo("Binding");
  }

  @Test
  void anEvictionIsAskedAbout() {
    in("below-eviction", "CREATE", "pods/eviction");
    made(api.pod("closed", ""));
    made(api.pod("open", ""));
    String eviction = json("{'metadata':{'name':'%s'}}");

    assertThat(
            api.http().post(api.path("pods/closed/eviction"), eviction.formatted("closed")).code())
        .isEqualTo(403);
    assertThat(api.http().get(api.path("pods/closed")).code()).isEqualTo(200);
    made(api.http().post(api.path("pods/open/eviction"), eviction.formatted("open")));
    assertThat(webhook.asked().getFirst().at("/kind/kind").asText()).isEqualTo("Eviction");
  }

  @Test
  void aTokenIsAskedAbout() {
    in("below-token", "CREATE", "serviceaccounts/token");
    made(api.create("serviceaccounts", "v1", "ServiceAccount", "closed", ""));

    assertThat(api.http().post(api.path("serviceaccounts/closed/token"), "{}").code())
        .isEqualTo(403);
    made(api.http().post(api.path("serviceaccounts/default/token"), "{}"));
    assertThat(webhook.asked().getFirst().at("/kind/kind").asText()).isEqualTo("TokenRequest");
  }

  @Test
  void aNodeGetsTokensForItsOwnPodsOnly() {
    in("below-node", "CREATE", "serviceaccounts/none");
    JsonNode pod = made(api.pod("own", "", "'nodeName':'node-1'")).json();
    JsonNode other = made(api.pod("other", "", "'nodeName':'node-2'")).json();
    RawHttp node = new RawHttp(server.getPort(), "node-token");
    String path = api.path("serviceaccounts/default/token");
    String bound = json("{'spec':{'boundObjectRef':{'kind':'Pod','name':'%s','uid':'%s'}}}");

    assertThat(node.post(path, "{}").text()).contains("node requested token not bound to a pod");
    assertThat(node.post(path, bound.formatted("other", other.at("/metadata/uid").asText())).text())
        .contains("node requested token bound to a pod scheduled on a different node");
    made(node.post(path, bound.formatted("own", pod.at("/metadata/uid").asText())));
  }
}
