package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AdmissionPluginsTest {

  @TestHTTPResource("/")
  URI server;

  private AdmissionApi in(String namespace) {
    return new AdmissionApi(server.getPort(), namespace).begin("");
  }

  @Test
  void aLimitRangeFillsInWhatContainersDoNotSayAndRefusesWhatIsBeyondIt() {
    AdmissionApi api = in("limits");
    made(
        api.create(
            "limitranges",
            "v1",
            "LimitRange",
            "r",
            "'spec':{'limits':[{'type':'Container','default':{'cpu':'200m'},'defaultRequest':{'cpu':'100m'},'max':{'cpu':'1'},'min':{'cpu':'50m'}}]}"));

    JsonNode pod = made(api.pod("a", "")).json();
    assertThat(pod.at("/spec/containers/0/resources/limits/cpu").asText()).isEqualTo("200m");
    assertThat(pod.at("/spec/containers/0/resources/requests/cpu").asText()).isEqualTo("100m");
    assertThat(pod.at("/status/qosClass").asText()).isEqualTo("Burstable");

    Reply refused = api.pod("b", "'resources':{'limits':{'cpu':'2'}}");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.text()).contains("maximum cpu usage per Container is 1, but limit is 2");
  }

  @Test
  void aPriorityClassGivesItsNumberAndOnlyOneMayBeForAll() {
    AdmissionApi api = in("priority");
    String classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
    made(
        api.post(
            classes,
            "scheduling.k8s.io/v1",
            "PriorityClass",
            "high",
            "'value':1000,'preemptionPolicy':'Never'"));

    JsonNode pod = made(api.pod("a", "", "'priorityClassName':'high'")).json();
    assertThat(pod.at("/spec/priority").asInt()).isEqualTo(1000);
    assertThat(pod.at("/spec/preemptionPolicy").asText()).isEqualTo("Never");
    assertThat(api.pod("b", "", "'priority':7").code()).isEqualTo(403);
    assertThat(api.pod("c", "", "'priorityClassName':'none'").text()).contains("no PriorityClass");

    String global = "'value':5,'globalDefault':true";
    made(api.post(classes, "scheduling.k8s.io/v1", "PriorityClass", "usual", global));
    assertThat(api.post(classes, "scheduling.k8s.io/v1", "PriorityClass", "other", global).text())
        .contains("Only one default can exist");
    assertThat(made(api.pod("d", "")).json().at("/spec/priorityClassName").asText())
        .isEqualTo("usual");
    api.http().delete(classes + "/usual");
    assertThat(made(api.pod("e", "")).json().at("/spec/priorityClassName").isMissingNode())
        .as("a class that is gone is for nobody")
        .isTrue();
  }

  @Test
  void aClaimGetsTheDefaultStorageClassAndIsProtected() {
    AdmissionApi api = in("storage");
    String classes = "/apis/storage.k8s.io/v1/storageclasses";
    String isDefault =
        AdmissionApi.json(
            "{'apiVersion':'storage.k8s.io/v1','kind':'StorageClass','metadata':{'name':'fast','annotations':{'storageclass.kubernetes.io/is-default-class':'true'}},'provisioner':'example.com/p'}");
    made(api.http().post(classes, isDefault));
    String claim =
        "'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}";

    JsonNode made =
        made(api.create("persistentvolumeclaims", "v1", "PersistentVolumeClaim", "c", claim))
            .json();

    assertThat(made.at("/spec/storageClassName").asText()).isEqualTo("fast");
    assertThat(made.at("/metadata/finalizers/0").asText())
        .isEqualTo("kubernetes.io/pvc-protection");
    Reply grown =
        api.patch(
            api.path("persistentvolumeclaims/c"),
            "{'spec':{'resources':{'requests':{'storage':'2Gi'}}}}");
    assertThat(grown.code()).as(grown.text()).isIn(403, 422);
    api.http().delete(classes + "/fast");
  }

  @Test
  void aRuntimeClassAddsItsOverheadAndItsPlace() {
    AdmissionApi api = in("runtimes");
    made(
        api.post(
            "/apis/node.k8s.io/v1/runtimeclasses",
            "node.k8s.io/v1",
            "RuntimeClass",
            "vm",
            "'handler':'vm','overhead':{'podFixed':{'memory':'100Mi'}},'scheduling':{'nodeSelector':{'vm':'yes'}}"));

    JsonNode pod = made(api.pod("a", "", "'runtimeClassName':'vm'")).json();

    assertThat(pod.at("/spec/overhead/memory").asText()).isEqualTo("100Mi");
    assertThat(pod.at("/spec/nodeSelector/vm").asText()).isEqualTo("yes");
    assertThat(api.pod("b", "", "'runtimeClassName':'none'").text())
        .contains("RuntimeClass \\\"none\\\" not found");
  }

  @Test
  void aNewNodeTakesNoPodsAndMayNotLabelItselfIntoTrust() {
    RawHttp node = new RawHttp(server.getPort(), "node-token");
    String nodes = "/api/v1/nodes";

    assertThat(node.post(nodes, AdmissionApi.object("v1", "Node", "node-2", "")).code())
        .isEqualTo(403);
    JsonNode made = made(node.post(nodes, AdmissionApi.object("v1", "Node", "node-1", ""))).json();
    assertThat(made.at("/spec/taints/0/key").asText()).isEqualTo("node.kubernetes.io/not-ready");

    String trusted = "{'metadata':{'labels':{'node-restriction.kubernetes.io/x':'y'}}}";
    Reply label =
        node.send(
            "PATCH",
            nodes + "/node-1",
            AdmissionApi.json(trusted),
            "Content-Type",
            "application/merge-patch+json");
    assertThat(label.text()).contains("is not allowed to modify labels");
    Reply taints =
        node.send(
            "PATCH",
            nodes + "/node-1",
            AdmissionApi.json("{'spec':{'taints':null}}"),
            "Content-Type",
            "application/merge-patch+json");
    assertThat(taints.text()).contains("is not allowed to modify taints");
    new RawHttp(server.getPort(), "admin-token").delete(nodes + "/node-1");
  }

  @Test
  void aNodeCreatesOnlyMirrorPodsAndDeletesOnlyItsOwn() {
    AdmissionApi api = in("nodes");
    RawHttp node = new RawHttp(server.getPort(), "node-token");
    made(api.pod("foreign", ""));

    Reply created =
        node.post(
            api.path("pods"),
            AdmissionApi.object(
                "v1", "Pod", "p", "'spec':{'containers':[{'name':'c','image':'i'}]}"));
    assertThat(created.text()).contains("can only create mirror pods");
    assertThat(node.delete(api.path("pods/foreign")).text())
        .contains("no relationship found between node 'node-1' and this object");
  }

  @Test
  void podSecurityRefusesWarnsAndExplains() {
    AdmissionApi api =
        new AdmissionApi(server.getPort(), "secure")
            .begin(
                "'pod-security.kubernetes.io/enforce':'baseline','pod-security.kubernetes.io/warn':'restricted'");

    Reply refused = api.pod("a", "'securityContext':{'privileged':true}");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.text())
        .contains("violates PodSecurity \\\"baseline:latest\\\": privileged")
        .contains("must not set securityContext.privileged=true");

    Reply warned = made(api.pod("b", ""));
    assertThat(warned.header("Warning"))
        .contains("would violate PodSecurity \\\"restricted:latest\\\"")
        .contains("allowPrivilegeEscalation != false");

    Reply stricter =
        made(
            api.patch(
                "/api/v1/namespaces/secure",
                "{'metadata':{'labels':{'pod-security.kubernetes.io/enforce':'restricted'}}}"));
    assertThat(stricter.response().headers().allValues("Warning").toString())
        .contains("existing pods in namespace");
    assertThat(
            api.patch(
                    "/api/v1/namespaces/secure",
                    "{'metadata':{'labels':{'pod-security.kubernetes.io/enforce':'tight'}}}")
                .code())
        .isEqualTo(422);
  }

  @Test
  void nobodyGetsACertificateThatMakesAMaster() throws Exception {
    AdmissionApi api = in("certificates");
    Reply refused =
        api.post(
            "/apis/certificates.k8s.io/v1/certificatesigningrequests",
            "certificates.k8s.io/v1",
            "CertificateSigningRequest",
            "root",
            "'spec':{'request':'%s','signerName':'kubernetes.io/kube-apiserver-client','usages':['client auth']}"
                .formatted(CertificateRequests.base64("CN=eve,O=system:masters")));

    assertThat(refused.text()).contains("with system:masters group is not allowed");
  }
}
