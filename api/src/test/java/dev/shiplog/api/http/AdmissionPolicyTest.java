package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AdmissionPolicyTest {

  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
  private static final String V1 = "admissionregistration.k8s.io/v1";

  @TestHTTPResource("/")
  URI server;

  private AdmissionApi api;

  private void in(String namespace) {
    api = new AdmissionApi(server.getPort(), namespace).begin("");
  }

  @AfterEach
  void remove() {
    for (String kind : new String[] {"validating", "mutating"}) {
      api.http().delete(GROUP + kind + "admissionpolicybindings/b");
      api.http().delete(GROUP + kind + "admissionpolicies/p");
    }
  }

  private Reply policy(String kind, String spec) {
    String constraints =
        "'matchConstraints':{'resourceRules':[{'apiGroups':[''],'apiVersions':['v1'],'operations':['CREATE','UPDATE'],'resources':['configmaps']}],'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'%s'}}}"
            .formatted(api.namespace);
    return api.post(
        GROUP + kind.toLowerCase(java.util.Locale.ROOT) + "admissionpolicies",
        V1,
        kind + "AdmissionPolicy",
        "p",
        "'spec':{" + constraints + "," + spec + "}");
  }

  private void bind(String kind, String rest) {
    made(
        api.post(
            GROUP + kind.toLowerCase(java.util.Locale.ROOT) + "admissionpolicybindings",
            V1,
            kind + "AdmissionPolicyBinding",
            "b",
            "'spec':{'policyName':'p'" + rest + "}"));
  }

  private Reply map(String name, String data) {
    return api.create("configmaps", "v1", "ConfigMap", name, "'data':{" + data + "}");
  }

  @Test
  void aPolicyRefusesWithItsMessageOnlyOnceItIsBound() {
    in("vap-deny");
    made(
        policy(
            "Validating",
            "'variables':[{'name':'size','expression':'size(object.data)'}],'validations':[{'expression':'variables.size <= 1','messageExpression':'\\'too many: \\' + string(variables.size)'}]"
                .replace("\\'", "\\u0027")));
    made(map("before", "'a':'1','b':'2'"));
    bind("Validating", ",'validationActions':['Deny']");

    Reply refused = map("after", "'a':'1','b':'2'");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.json().path("reason").asText()).isEqualTo("Invalid");
    assertThat(refused.json().path("message").asText())
        .isEqualTo(
            "configmaps \"after\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: too many: 2");
    made(map("small", "'a':'1'"));
  }

  @Test
  void aPolicyCanWarnInstead() {
    in("vap-warn");
    made(policy("Validating", "'validations':[{'expression':'has(object.data.wanted)'}]"));
    bind("Validating", ",'validationActions':['Warn','Audit']");

    Reply warned = made(map("x", "'a':'1'"));

    assertThat(warned.header("Warning"))
        .contains("Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b'")
        .contains("failed expression: has(object.data.wanted)");
  }

  @Test
  void parametersAreLookedUpAndMissingOnesRefuse() {
    in("vap-params");
    made(
        policy(
            "Validating",
            "'paramKind':{'apiVersion':'v1','kind':'ConfigMap'},'validations':[{'expression':'size(object.data) <= int(params.data.most)'}]"));
    bind(
        "Validating",
        ",'validationActions':['Deny'],'paramRef':{'name':'limits','namespace':'default','parameterNotFoundAction':'Deny'}");

    assertThat(map("early", "'a':'1'").text()).contains("no params found");
    made(
        api.post(
            "/api/v1/namespaces/default/configmaps",
            "v1",
            "ConfigMap",
            "limits",
            "'data':{'most':'1'}"));
    made(map("small", "'a':'1'"));
    assertThat(map("large", "'a':'1','b':'2'").code()).isEqualTo(422);
    api.http().delete("/api/v1/namespaces/default/configmaps/limits");
  }

  @Test
  void anExpressionThatFailsRefusesUnlessFailureIsIgnored() {
    in("vap-failing");
    made(
        policy(
            "Validating",
            "'validations':[{'expression':'object.data.missing == \\u0022x\\u0022'}]"));
    bind("Validating", ",'validationActions':['Deny']");
    assertThat(map("x", "'a':'1'").text()).contains("resulted in error");

    api.http().delete(GROUP + "validatingadmissionpolicies/p");
    made(
        policy(
            "Validating",
            "'failurePolicy':'Ignore','validations':[{'expression':'object.data.missing == \\u0022x\\u0022'}]"));
    made(map("x", "'a':'1'"));
  }

  @Test
  void expressionsThatCannotBeCompiledAreRefusedWithThePolicy() {
    in("vap-broken");

    Reply refused = policy("Validating", "'validations':[{'expression':'object.data.('}]");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.json().at("/details/causes/0/field").asText())
        .isEqualTo("spec.validations[0].expression");
  }

  @Test
  void theAuthorizerCanBeAsked() {
    in("vap-authorizer");
    made(
        policy(
            "Validating",
            "'validations':[{'expression':'authorizer.group(\\u0022\\u0022).resource(\\u0022secrets\\u0022).namespace(\\u0022x\\u0022).check(\\u0022delete\\u0022).allowed()'}]"));
    bind("Validating", ",'validationActions':['Deny']");

    made(map("x", "'a':'1'"));
  }

  @Test
  void aMutatingPolicyAppliesAConfiguration() {
    in("map-apply");
    made(
        policy(
            "Mutating",
            "'reinvocationPolicy':'Never','mutations':[{'patchType':'ApplyConfiguration','applyConfiguration':{'expression':'Object{metadata: Object.metadata{labels: {\\u0022team\\u0022: \\u0022blue\\u0022}}}'}}]"));
    bind("Mutating", "");

    JsonNode made = made(map("x", "'a':'1'")).json();

    assertThat(made.at("/metadata/labels/team").asText()).isEqualTo("blue");
    assertThat(made.at("/data/a").asText()).isEqualTo("1");
  }

  @Test
  void aMutatingPolicyPatches() {
    in("map-patch");
    made(
        policy(
            "Mutating",
            "'reinvocationPolicy':'Never','mutations':[{'patchType':'JSONPatch','jsonPatch':{'expression':'[JSONPatch{op: \\u0022add\\u0022, path: \\u0022/data/b\\u0022, value: object.data.a + \\u0022!\\u0022}]'}}]"));
    bind("Mutating", "");

    assertThat(made(map("x", "'a':'1'")).json().at("/data/b").asText()).isEqualTo("1!");
  }

  @Test
  void whatCannotBeRightForItsResourcesIsToldInItsStatus() {
    in("policy-types");
    made(
        api.post(
            GROUP + "validatingadmissionpolicies",
            "admissionregistration.k8s.io/v1",
            "ValidatingAdmissionPolicy",
            "doubtful",
            "'spec':{'matchConstraints':{'resourceRules':[{'apiGroups':['apps'],'apiVersions':['v1'],'operations':['*'],'resources':['deployments','statefulsets']}]},"
                + "'variables':[{'name':'n','expression':'object.spec.replicas'}],"
                + "'validations':[{'expression':'object.spec.replicas > 1'},"
                + "{'expression':'object.spec.serviceName != \\\"\\\"'},"
                + "{'expression':'variables.n == \\\"1\\\"','messageExpression':'object.metadata.nam'},"
                + "{'expression':'object.spec.template.spec.containers.all(c, c.image.startsWith(\\\"a\\\"))'}]}"));
    String path = GROUP + "validatingadmissionpolicies/doubtful";
    org.awaitility.Awaitility.await()
        .until(() -> api.http().get(path).json().at("/status/observedGeneration").asInt() == 1);

    var warnings = api.http().get(path).json().at("/status/typeChecking/expressionWarnings");

    assertThat(warnings.findValuesAsText("fieldRef"))
        .containsExactly(
            "spec.validations[1].expression",
            "spec.validations[2].expression",
            "spec.validations[2].messageExpression");
    assertThat(warnings.at("/0/warning").asText())
        .startsWith("apps/v1, Kind=Deployment: ")
        .contains("undefined field 'serviceName'")
        .doesNotContain("StatefulSet");
    assertThat(warnings.at("/1/warning").asText())
        .contains(
            "apps/v1, Kind=Deployment: ", "apps/v1, Kind=StatefulSet: ", "no matching overload");
    made(
        api.patch(
            path,
            "{'spec':{'variables':null,'validations':[{'expression':'object.spec.replicas > 1'}]}}"));
    org.awaitility.Awaitility.await()
        .until(() -> api.http().get(path).json().at("/status/observedGeneration").asInt() == 2);
    assertThat(api.http().get(path).json().at("/status/typeChecking").isEmpty()).isTrue();
    api.http().delete(path);
  }
}
