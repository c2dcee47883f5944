package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways around authentication and authorization that lead nowhere. */
@QuarkusTest
class HostileRequestsTest {

  private static final String SECRETS = "/api/v1/namespaces/kube-system/secrets";

  @TestHTTPResource("/")
  URI server;

  private RawHttp as(String token) {
    return new RawHttp(server.getPort(), token);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Remote-User, admin",
    "x-remote-user, system:admin",
    "X-Remote-Group, system:masters",
    "X-Forwarded-User, admin",
    "X-Remote-Extra-Scopes, all",
    "Remote-User, admin",
    "Impersonate-User, admin",
    "Impersonate-Group, system:masters",
    "X-Client-Cert, forged",
    "X-SSL-Client-S-DN, CN=admin",
    "Cookie, token=admin-token",
    "Proxy-Authorization, Bearer admin-token",
    "Sec-WebSocket-Protocol, base64url.bearer.authorization.k8s.io.bm90LWEtdG9rZW4"
  })
  void aHeaderDoesNotMakeAnybodySomebody(String header, String value) {
    assertThat(as("").get(SECRETS, header, value).code()).isEqualTo(401);
    int known = as("user-token").get(SECRETS, header, value).code();
    assertThat(known).isIn(400, 403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/healthz/../api/v1/namespaces/kube-system/secrets",
        "/healthz/..%2fapi/v1/namespaces/kube-system/secrets",
        "/healthz/%2e%2e/api/v1/namespaces/kube-system/secrets",
        "/healthz%2f..%2fapi/v1/namespaces/kube-system/secrets",
        "/healthz;/api/v1/namespaces/kube-system/secrets",
        "/healthz%00/../api/v1/secrets",
        "//api/v1/namespaces/kube-system/secrets",
        "/api//v1/namespaces/kube-system/secrets",
        "/api/v1//namespaces/kube-system/secrets",
        "/api/v1/namespaces//secrets",
        "/api/v1/namespaces/kube-system//secrets",
        "/api/v1/namespaces/kube-system/secrets/",
        "/api/v1/namespaces/kube-system%2fsecrets",
        "/api/v1/namespaces/kube-system/secrets%2fx",
        "/api/v1/namespaces/./secrets",
        "/api/v1/./namespaces/kube-system/secrets",
        "/api/v1/namespaces/kube-system/SECRETS",
        "/API/v1/namespaces/kube-system/secrets",
        "/api/v1/watch/namespaces/kube-system/secrets",
        "/api/v1/namespaces/team/../kube-system/secrets",
        "/api/v1/namespaces/kube-system/secrets?watch=1",
        "/apis/../api/v1/namespaces/kube-system/secrets",
        "/openapi/../api/v1/namespaces/kube-system/secrets",
        "/version/../api/v1/namespaces/kube-system/secrets",
        "/livez/%252e%252e/api/v1/secrets"
      })
  void aPathHasOneMeaningAndThatIsAuthorized(String path) {
    for (String token : new String[] {"", "user-token"}) {
      Reply reply = as(token).get(path);
      // What is below a health path is about health, whatever it is called.
      boolean harmless = reply.code() == 200 && reply.text().equals("ok");
      assertThat(harmless ? 404 : reply.code()).as(reply.text()).isIn(400, 401, 403, 404);
      assertThat(reply.text()).doesNotContain("SecretList");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "admin-token2",
        "ADMIN-TOKEN",
        "admin-toke",
        "admin-token,admin",
        "\"admin-token\"",
        "Bearer admin-token",
        "admin%2Dtoken"
      })
  void aTokenIsRightOrWrong(String token) {
    assertThat(as(token).get(SECRETS).code()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"})
  void noMethodIsForgotten(String method) {
    boolean withBody = method.startsWith("P");
    Reply nobody = as("").send(method, SECRETS + "/x", withBody ? "{}" : null);
    Reply jane = as("user-token").send(method, SECRETS + "/x", withBody ? "{}" : null);

    assertThat(nobody.code()).isIn(401, 405);
    assertThat(jane.code()).isIn(403, 405);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    "POST, /apis/rbac.authorization.k8s.io/v1/clusterroles",
    "POST, /apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/rolebindings",
    "PATCH, /apis/rbac.authorization.k8s.io/v1/clusterroles/system:basic-user",
    "PATCH, /apis/rbac.authorization.k8s.io/v1/clusterrolebindings/cluster-admin",
    "DELETE, /apis/rbac.authorization.k8s.io/v1/clusterroles/system:discovery",
    "POST, /api/v1/namespaces/kube-system/serviceaccounts/generic-garbage-collector/token",
    "POST, /api/v1/namespaces/kube-system/secrets",
    "POST, /apis/certificates.k8s.io/v1/certificatesigningrequests",
    "PUT, /apis/certificates.k8s.io/v1/certificatesigningrequests/x/approval",
    "POST, /apis/authentication.k8s.io/v1/tokenreviews",
    "POST, /apis/authorization.k8s.io/v1/subjectaccessreviews",
    "POST, /apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
    "POST, /apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    "POST, /api/v1/namespaces/kube-system/pods",
    "POST, /api/v1/namespaces/kube-system/pods/x/exec",
    "GET, /api/v1/namespaces/kube-system/pods/x/exec",
    "POST, /api/v1/namespaces/kube-system/pods/x/ephemeralcontainers",
    "POST, /api/v1/namespaces/kube-system/pods/x/binding",
    "PATCH, /api/v1/nodes/node-1",
    "GET, /api/v1/nodes/node-1/proxy",
    "PATCH, /api/v1/namespaces/default"
  })
  void everyWayToMoreRightsIsClosed(String method, String path) {
    Reply reply =
        as("user-token")
            .send(
                method,
                path,
                method.equals("GET") ? null : "{}",
                "Content-Type",
                method.equals("PATCH") ? "application/merge-patch+json" : "application/json");

    assertThat(reply.code()).as(reply.text()).isEqualTo(403);
  }

  @Test
  void theKeysOfTokensArePublishedToWhoMayKnow() {
    Reply keys = as("admin-token").get("/openid/v1/jwks");
    assertThat(keys.header("Content-Type")).isEqualTo("application/jwk-set+json");
    assertThat(keys.json().at("/keys/0/use").asText()).isEqualTo("sig");
    assertThat(
            as("admin-token")
                .get("/.well-known/openid-configuration")
                .json()
                .path("jwks_uri")
                .asText())
        .endsWith("/openid/v1/jwks");
    assertThat(as("user-token").get("/openid/v1/jwks").code()).isEqualTo(403);
  }
}
