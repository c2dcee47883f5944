package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ResourceRulesTest {

  private static final String DEFAULT = "/api/v1/namespaces/default";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
    http.post(
        DEFAULT + "/serviceaccounts",
        "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"default\"}}");
  }

  private JsonNode pod(String name, String metadata) {
    Reply made =
        http.post(
            DEFAULT + "/pods",
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s"%s},
             "spec":{"containers":[{"name":"c","image":"registry.example/c:1"}]}}\
            """
                .formatted(name, metadata));
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    return made.json();
  }

  private Reply bind(String name, String node) {
    return http.post(
        DEFAULT + "/pods/" + name + "/binding",
        """
        {"apiVersion":"v1","kind":"Binding","metadata":{"name":"%s"},
         "target":{"apiVersion":"v1","kind":"Node","name":"%s"}}\
        """
            .formatted(name, node));
  }

  private JsonNode get(String path) {
    return http.get(DEFAULT + path).json();
  }

  @Test
  void aNewPodIsPendingAndCompleted() {
    JsonNode pod = pod("fresh", "");

    assertThat(pod.at("/status/phase").asText()).isEqualTo("Pending");
    assertThat(pod.at("/status/qosClass").asText()).isEqualTo("BestEffort");
    assertThat(pod.at("/spec/serviceAccountName").asText()).isEqualTo("default");
    assertThat(pod.at("/spec/tolerations")).hasSize(2);
    assertThat(pod.at("/spec/priority").asInt()).isZero();
  }

  /** What a pod says of the token goes before what its account says. */
  @Test
  void aPodOrItsAccountMayOptOutOfTheToken() {
    http.post(
        DEFAULT + "/serviceaccounts",
        "{\"metadata\":{\"name\":\"shy\"},\"automountServiceAccountToken\":false}");

    assertThat(mountsOf("\"serviceAccountName\":\"default\"")).hasSize(1);
    assertThat(mountsOf("\"automountServiceAccountToken\":false")).isEmpty();
    assertThat(mountsOf("\"serviceAccountName\":\"shy\"")).isEmpty();
    assertThat(mountsOf("\"serviceAccountName\":\"shy\",\"automountServiceAccountToken\":true"))
        .hasSize(1);
  }

  @Test
  void aPodThatNamesNoPullSecretsGetsThoseOfItsAccount() {
    http.post(
        DEFAULT + "/serviceaccounts",
        "{\"metadata\":{\"name\":\"puller\"},\"imagePullSecrets\":[{\"name\":\"registry\"}]}");

    assertThat(made("\"serviceAccountName\":\"puller\"").at("/spec/imagePullSecrets").toString())
        .isEqualTo("[{\"name\":\"registry\"}]");
    assertThat(
            made("\"serviceAccountName\":\"puller\",\"imagePullSecrets\":[{\"name\":\"own\"}]")
                .at("/spec/imagePullSecrets")
                .toString())
        .isEqualTo("[{\"name\":\"own\"}]");
  }

  private JsonNode mountsOf(String spec) {
    return made(spec).at("/spec/containers/0/volumeMounts");
  }

  private JsonNode made(String spec) {
    Reply made =
        http.post(
            DEFAULT + "/pods?dryRun=All",
            "{\"metadata\":{\"name\":\"mounts\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"c\"}],%s}}"
                .formatted(spec));
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    return made.json();
  }

  @Test
  void aServiceHasAddressesOfTheClustersFamilyAlone() {
    assertThat(service("'ipFamilyPolicy':'RequireDualStack'").text())
        .contains("this cluster is not configured for dual-stack services");
    assertThat(service("'ipFamilies':['IPv6']").text())
        .contains("spec.ipFamilies[0]", "not configured on this cluster");

    JsonNode preferred = service("'ipFamilyPolicy':'PreferDualStack'").json().path("spec");
    assertThat(preferred.path("ipFamilies").toString()).isEqualTo("[\"IPv4\"]");
    assertThat(preferred.path("clusterIPs")).hasSize(1);
    JsonNode open = service("'clusterIP':'None'").json().path("spec");
    assertThat(open.path("ipFamilyPolicy").asText()).isEqualTo("RequireDualStack");
    assertThat(open.path("ipFamilies").toString()).isEqualTo("[\"IPv4\",\"IPv6\"]");
  }

  @Test
  void whoChangesTheAddressOfAServiceIsToldOnce() {
    String services = DEFAULT + "/services";
    assertThat(
            http.post(
                    services,
                    "{'metadata':{'name':'moved'},'spec':{'ports':[{'port':80}]}}"
                        .replace('\'', '"'))
                .code())
        .isEqualTo(201);

    Reply moved =
        http.send(
            "PATCH",
            services + "/moved",
            "{\"spec\":{\"clusterIP\":\"10.96.0.77\"}}",
            "Content-Type",
            "application/merge-patch+json");

    assertThat(moved.code()).isEqualTo(422);
    assertThat(moved.json().at("/details/causes")).hasSize(1);
    assertThat(moved.json().path("message").asText())
        .endsWith("spec.clusterIPs[0]: Invalid value: [\"10.96.0.77\"]: may not change once set");
  }

  private Reply service(String spec) {
    return http.post(
        DEFAULT + "/services?dryRun=All",
        "{\"metadata\":{\"name\":\"families\"},\"spec\":{\"ports\":[{\"port\":80}],%s}}"
            .formatted(spec.replace('\'', '"')));
  }

  @Test
  void whatACertificateIsRequestedForStaysAsItWas() throws Exception {
    String requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    Reply made =
        http.post(
            requests,
            """
            {"metadata":{"name":"stays"},"spec":{"request":"%s","signerName":"example.com/signer",
             "usages":["client auth"]}}\
            """
                .formatted(CertificateRequests.base64("CN=somebody")));
    assertThat(made.code()).as(made.text()).isEqualTo(201);

    Reply changed =
        http.put(
            requests + "/stays", made.text().replace("example.com/signer", "example.com/other"));

    assertThat(changed.code()).as(changed.text()).isEqualTo(200);
    assertThat(changed.json().at("/spec/signerName").asText()).isEqualTo("example.com/signer");
    http.delete(requests + "/stays");
  }

  @Test
  void aPodIsBoundOnce() {
    pod("bound", "");

    assertThat(bind("bound", "a").code()).isEqualTo(201);
    assertThat(bind("bound", "b").code()).isEqualTo(409);
    JsonNode pod = get("/pods/bound");
    assertThat(pod.at("/spec/nodeName").asText()).isEqualTo("a");
    assertThat(pod.at("/status/conditions/0/type").asText()).isEqualTo("PodScheduled");
    assertThat(get("/pods?fieldSelector=spec.nodeName=a").at("/items/0/metadata/name").asText())
        .isEqualTo("bound");
  }

  @Test
  void aBoundPodStaysUntilItsNodeEndsItAndAnUnboundOneGoesAtOnce() {
    pod("unbound", "");
    http.delete(DEFAULT + "/pods/unbound");
    assertThat(http.get(DEFAULT + "/pods/unbound").code()).isEqualTo(404);

    pod("graceful", "");
    bind("graceful", "a");
    http.delete(DEFAULT + "/pods/graceful");
    JsonNode deleting = get("/pods/graceful");
    assertThat(deleting.at("/metadata/deletionGracePeriodSeconds").asInt()).isEqualTo(30);
    assertThat(deleting.at("/metadata/deletionTimestamp").asText()).isNotEmpty();

    http.delete(DEFAULT + "/pods/graceful?gracePeriodSeconds=0");
    assertThat(http.get(DEFAULT + "/pods/graceful").code()).isEqualTo(404);
  }

  @Test
  void anObjectWithFinalizersStaysUntilTheLastIsGone() {
    pod("kept", ",\"finalizers\":[\"example.com/hold\"]");
    http.delete(DEFAULT + "/pods/kept");
    assertThat(get("/pods/kept").at("/metadata/deletionTimestamp").asText()).isNotEmpty();

    http.send(
        "PATCH",
        DEFAULT + "/pods/kept",
        "{\"metadata\":{\"finalizers\":null}}",
        "Content-Type",
        "application/merge-patch+json");

    assertThat(http.get(DEFAULT + "/pods/kept").code()).isEqualTo(404);
  }

  @Test
  void aServiceGetsAnAddressAndKeepsItWhenAnUpdateLeavesItOut() {
    String service =
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"addressed"},
         "spec":{"type":"NodePort","selector":{"a":"b"},"ports":[{"port":80}]}}\
        """;
    JsonNode made = http.post(DEFAULT + "/services", service).json();
    JsonNode updated = http.put(DEFAULT + "/services/addressed", service).json();

    assertThat(made.at("/spec/clusterIP").asText()).startsWith("10.96.");
    assertThat(made.at("/spec/ports/0/nodePort").asInt()).isBetween(30000, 32767);
    assertThat(updated).isEqualTo(made);
  }

  @Test
  void statusAndSpecAreWrittenThroughTheirOwnPaths() {
    pod("status", "");
    String patch = "{\"status\":{\"phase\":\"Running\"},\"spec\":{\"nodeName\":\"x\"}}";
    String merge = "application/merge-patch+json";
    http.send("PATCH", DEFAULT + "/pods/status/status", patch, "Content-Type", merge);

    JsonNode pod = get("/pods/status");
    assertThat(pod.at("/status/phase").asText()).isEqualTo("Running");
    assertThat(pod.at("/spec").has("nodeName")).isFalse();
  }

  @Test
  void patchesThatRaceAllTakeEffect() {
    http.post(
        DEFAULT + "/configmaps",
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"race\"}}");

    List<Integer> codes =
        IntStream.range(0, 40)
            .parallel()
            .mapToObj(i ->
                http.send(
                    "PATCH",
                    DEFAULT + "/configmaps/race",
                    "{\"data\":{\"k" + i + "\":\"v\"}}",
                    "Content-Type",
                    "application/merge-patch+json"))
            .map(Reply::code)
            .toList();

    assertThat(codes).containsOnly(200);
    assertThat(get("/configmaps/race").at("/data")).hasSize(40);
  }

  @Test
  void pagesOfAListShowOneState() {
    for (int i = 0; i < 5; i++) {
      http.post(
          DEFAULT + "/secrets",
          "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"page-" + i + "\"}}");
    }
    JsonNode first = get("/secrets?limit=2");
    http.delete(DEFAULT + "/secrets/page-3");
    JsonNode rest = get("/secrets?continue=" + first.at("/metadata/continue").asText());

    assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
    assertThat(rest.at("/items")).hasSize(3);
    assertThat(rest.at("/metadata/resourceVersion"))
        .isEqualTo(first.at("/metadata/resourceVersion"));
  }

  @Test
  void aDeletedNamespaceTakesNothingNewAndGoesWithItsFinalizer() {
    http.post(
        "/api/v1/namespaces",
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"ending\"}}");
    JsonNode ending = http.delete("/api/v1/namespaces/ending").json();
    assertThat(ending.at("/status/phase").asText()).isEqualTo("Terminating");
    Reply late =
        http.post(
            "/api/v1/namespaces/ending/configmaps",
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"late\"}}");
    assertThat(late.code()).isEqualTo(403);

    Reply finalized =
        http.put(
            "/api/v1/namespaces/ending/finalize",
            "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"ending\"},\"spec\":{}}");

    assertThat(finalized.code()).as(finalized.text()).isEqualTo(200);
    assertThat(http.get("/api/v1/namespaces/ending").code()).isEqualTo(404);
  }
}
