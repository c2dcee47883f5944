package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subresources that stand for an action, from one end to the other. */
@QuarkusTest
class SubresourceOperationsTest {

  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  private JsonNode merged(String path, String patch) {
    return made(http.send(
            "PATCH", path, json(patch), "Content-Type", "application/merge-patch+json"))
        .json();
  }

  @Test
  void aCertificateRequestIsApprovedAndCarriesItsStatus() throws Exception {
    String path = REQUESTS + "/csr-operations";
    made(
        http.post(
            REQUESTS,
            json(
                "{'metadata':{'name':'csr-operations'},'spec':{'request':'%s','signerName':'example.com/own','usages':['client auth']}}"
                    .formatted(CertificateRequests.base64("CN=jane")))));
    assertThat(http.get(path).json().at("/spec/username").asText()).isEqualTo("admin");

    JsonNode approved =
        merged(
            path + "/approval",
            "{'status':{'conditions':[{'type':'Approved','status':'True','reason':'Test','message':'m'}]}}");
    assertThat(approved.at("/status/conditions/0/type").asText()).isEqualTo("Approved");
    String at = approved.at("/status/conditions/0/lastTransitionTime").asText();
    assertThat(at).isEqualTo(approved.at("/status/conditions/0/lastUpdateTime").asText());
    assertThat(Instant.parse(at)).isNotNull();
    JsonNode told =
        merged(
            path + "/status",
            "{'metadata':{'annotations':{'seen':'yes'}},'status':{'conditions':[{'type':'Approved','status':'True','reason':'Test','message':'m'},{'type':'Failed','status':'True','reason':'Test','message':'m'}]}}");
    assertThat(told.at("/status/conditions")).hasSize(2);
    assertThat(told.at("/status/conditions/0/lastTransitionTime").asText()).isEqualTo(at);
    assertThat(http.get(path + "/approval").json().path("kind").asText())
        .isEqualTo("CertificateSigningRequest");
    JsonNode unchanged = merged(path, "{'status':{'conditions':null}}");
    assertThat(unchanged.at("/status/conditions")).hasSize(2);
    made(http.delete(path));
    assertThat(http.get(path).code()).isEqualTo(404);
  }

  @Test
  void aRequestedTokenIsKnownInAReviewToItsAudienceOnly() {
    String account = "/api/v1/namespaces/default/serviceaccounts";
    http.post(account, json("{'metadata':{'name':'reviewed'}}"));
    JsonNode asked =
        made(http.post(account + "/reviewed/token", json("{'spec':{'audiences':['vault']}}")))
            .json();
    String token = asked.at("/status/token").asText();

    JsonNode known = review(token, "vault");
    assertThat(known.path("authenticated").asBoolean()).isTrue();
    assertThat(known.at("/user/username").asText())
        .isEqualTo("system:serviceaccount:default:reviewed");
    assertThat(known.path("audiences").toString()).isEqualTo("[\"vault\"]");
    assertThat(review(token, "other").path("authenticated").asBoolean()).isFalse();
    assertThat(review("x" + token, "vault").path("authenticated").asBoolean()).isFalse();
    assertThat(new RawHttp(server.getPort(), token).get("/api/v1/namespaces").code())
        .isEqualTo(401);
  }

  private JsonNode review(String token, String audience) {
    return made(http.post(
            "/apis/authentication.k8s.io/v1/tokenreviews",
            json("{'spec':{'token':'%s','audiences':['%s']}}".formatted(token, audience))))
        .json()
        .path("status");
  }

  @Test
  void aNamespaceGoesWhenTheLastOfItsFinalizersDoes() {
    made(http.post("/api/v1/namespaces", json("{'metadata':{'name':'finalized'}}")));
    String path = "/api/v1/namespaces/finalized";
    JsonNode namespace = http.get(path).json();
    assertThat(namespace.at("/spec/finalizers/0").asText()).isEqualTo("kubernetes");

    Reply added =
        http.put(
            path + "/finalize",
            json(
                "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'finalized'},'spec':{'finalizers':['kubernetes','example.com/own']}}"));
    assertThat(made(added).json().at("/spec/finalizers")).hasSize(2);
    assertThat(http.delete(path).json().at("/status/phase").asText()).isEqualTo("Terminating");
    assertThat(http.get(path).code()).isEqualTo(200);

    made(
        http.put(
            path + "/finalize",
            json(
                "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'finalized'},'spec':{'finalizers':[]}}")));
    assertThat(http.get(path).code()).isEqualTo(404);
  }

  @Test
  void theStatusOfANamespaceIsThatOfItsLife() {
    made(http.post("/api/v1/namespaces", json("{'metadata':{'name':'alive'}}")));
    Reply refused =
        http.send(
            "PATCH",
            "/api/v1/namespaces/alive/status",
            json("{'status':{'phase':'Terminating'}}"),
            "Content-Type",
            "application/merge-patch+json");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.text()).contains("may only be 'Active' if `deletionTimestamp` is empty");
  }

  @Test
  void aScaleIsShownInColumnsOfItsOwn() {
    String deployments = "/apis/apps/v1/namespaces/default/deployments";
    made(
        http.post(
            deployments,
            json(
                "{'metadata':{'name':'scaled'},'spec':{'replicas':3,'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}")));
    JsonNode table =
        http.get(
                deployments + "/scaled/scale",
                "Accept",
                "application/json;as=Table;v=v1;g=meta.k8s.io")
            .json();
    assertThat(table.at("/columnDefinitions"))
        .extracting(c -> c.path("name").asText())
        .containsExactly("Name", "Desired", "Available", "Age");
    assertThat(table.at("/rows/0/cells/1").asInt()).isEqualTo(3);
  }
}
