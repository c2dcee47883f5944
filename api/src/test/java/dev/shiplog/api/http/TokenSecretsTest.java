package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of Secrets that hold tokens. */
@QuarkusTest
class TokenSecretsTest {

  private static final String SYSTEM = "/api/v1/namespaces/kube-system/secrets";
  private static final String PUBLIC = "/api/v1/namespaces/kube-public/configmaps";
  private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";
  private static final String SECRETS = "/api/v1/namespaces/default/secrets";
  private static final Duration BOUND = Duration.ofSeconds(20);

  /** Of the content {@code clusters: []} by the token {@code abcdef.0123456789abcdef}. */
  private static final String SIGNATURE =
      "eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..MeH_iDsiCRz6cFM8PtB6XwPm0y7iSVJIq2s7jQviAHY";

  @TestHTTPResource("/")
  URI server;

  private RawHttp admin;

  @BeforeEach
  void sayWhatTheClusterIs() {
    admin = new RawHttp(server.getPort(), "admin-token");
    made(
        admin.post(
            PUBLIC,
            json("{'metadata':{'name':'cluster-info'},'data':{'kubeconfig':'clusters: []'}}")));
  }

  @AfterEach
  void forget() {
    admin.delete(PUBLIC + "/cluster-info");
    admin.delete(SYSTEM + "/bootstrap-token-abcdef");
    admin.delete(SYSTEM + "/bootstrap-token-cccccc");
  }

  private void token(String id, String more) {
    made(
        admin.post(
            SYSTEM,
            json(
                ("{'metadata':{'name':'bootstrap-token-%s'},'type':'bootstrap.kubernetes.io/token',"
                        + "'stringData':{'token-id':'%s','token-secret':'0123456789abcdef'%s}}")
                    .formatted(id, id, more.isEmpty() ? "" : "," + more))));
  }

  private JsonNode info() {
    return admin.get(PUBLIC + "/cluster-info").json().path("data");
  }

  @Test
  void clusterInfoIsSignedWithEachTokenThatIsForSigningUntilThatIsGone() {
    token("cccccc", "'usage-bootstrap-signing':'false'");
    token("abcdef", "'usage-bootstrap-signing':'true'");

    await()
        .atMost(BOUND)
        .untilAsserted(
            () -> assertThat(info().path("jws-kubeconfig-abcdef").asText()).isEqualTo(SIGNATURE));
    assertThat(info().has("jws-kubeconfig-cccccc")).isFalse();

    admin.delete(SYSTEM + "/bootstrap-token-abcdef");
    await().atMost(BOUND).until(() -> !info().has("jws-kubeconfig-abcdef"));
    assertThat(info().path("kubeconfig").asText()).isEqualTo("clusters: []");
  }

  @Test
  void theSignatureIsThatOfWhatIsThereNow() {
    token("abcdef", "'usage-bootstrap-signing':'true'");
    await().atMost(BOUND).until(() -> info().has("jws-kubeconfig-abcdef"));

    made(
        admin.send(
            "PATCH",
            PUBLIC + "/cluster-info",
            json("{'data':{'kubeconfig':'clusters: [moved]'}}"),
            "Content-Type",
            "application/merge-patch+json"));

    await()
        .atMost(BOUND)
        .until(() -> !info().path("jws-kubeconfig-abcdef").asText().equals(SIGNATURE));
  }

  @Test
  void aBootstrapTokenIsDeletedOnceItHasExpiredOrWhereItsEndCannotBeRead() {
    String soon = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS).toString();
    String later = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS).toString();
    token("abcdef", "'usage-bootstrap-signing':'true','expiration':'" + soon + "'");
    token("bbbbbb", "'expiration':'soon'");
    token("cccccc", "'expiration':'" + later + "'");

    await().atMost(BOUND).until(() -> code(SYSTEM + "/bootstrap-token-bbbbbb") == 404);
    await().atMost(BOUND).until(() -> code(SYSTEM + "/bootstrap-token-abcdef") == 404);
    await().atMost(BOUND).until(() -> !info().has("jws-kubeconfig-abcdef"));
    assertThat(code(SYSTEM + "/bootstrap-token-cccccc")).isEqualTo(200);
  }

  @Test
  void tokensOfAnAccountGoWithIt() {
    made(admin.post(ACCOUNTS, json("{'metadata':{'name':'robot'}}")));
    accountToken("robot-token", "robot", "");
    accountToken("of-another-robot", "robot", ",'kubernetes.io/service-account.uid':'old'");
    made(
        admin.post(
            SECRETS,
            json(
                "{'metadata':{'name':'password','annotations':"
                    + "{'kubernetes.io/service-account.name':'nobody'}},'type':'Opaque'}")));

    await().atMost(BOUND).until(() -> code(SECRETS + "/of-another-robot") == 404);
    assertThat(code(SECRETS + "/robot-token")).isEqualTo(200);

    admin.delete(ACCOUNTS + "/robot");
    await().atMost(BOUND).until(() -> code(SECRETS + "/robot-token") == 404);
    assertThat(code(SECRETS + "/password")).isEqualTo(200);
  }

  @Test
  void aTokenTurnsIntoNothingElseInTheConfigMap() {
    token("abcdef", "'usage-bootstrap-signing':'true'");
    await().atMost(BOUND).until(() -> info().has("jws-kubeconfig-abcdef"));

    String secret = "0123456789abcdef";
    assertThat(info().toString())
        .doesNotContain(secret)
        .doesNotContain(Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)));
  }

  private void accountToken(String name, String account, String more) {
    made(
        admin.post(
            SECRETS,
            json(
                ("{'metadata':{'name':'%s','annotations':"
                        + "{'kubernetes.io/service-account.name':'%s'%s}},"
                        + "'type':'kubernetes.io/service-account-token'}")
                    .formatted(name, account, more))));
  }

  private int code(String path) {
    return admin.get(path).code();
  }
}
