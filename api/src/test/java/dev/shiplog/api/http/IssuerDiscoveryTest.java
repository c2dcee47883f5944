package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pod verifies a ServiceAccount's token as any client of OpenID Connect does. */
@QuarkusTest
class IssuerDiscoveryTest {

  private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";
  private static final String DISCOVERY = "/.well-known/openid-configuration";

  @TestHTTPResource("/")
  URI server;

  private RawHttp admin;

  @BeforeEach
  void makeAccount() {
    admin = new RawHttp(server.getPort(), "admin-token");
    admin.post(ACCOUNTS, json("{'metadata':{'name':'verifier'}}"));
  }

  @Test
  void aTokenIsVerifiedByWhatItsIssuerPublishesToServiceAccounts() throws Exception {
    RawHttp pod = new RawHttp(server.getPort(), token(""));
    String token = token("'audiences':['oidc-discovery-test']");

    Reply discovered = made(pod.get(DISCOVERY));
    assertThat(discovered.header("Content-Type")).isEqualTo("application/json");
    JsonNode document = discovered.json();
    URI keysAt = URI.create(document.path("jwks_uri").asText());
    assertThat(keysAt.toString()).startsWith(document.path("issuer").asText());
    Reply keys = made(pod.get(keysAt.getPath()));

    JwtConsumer verifier =
        new JwtConsumerBuilder()
            .setVerificationKeyResolver(
                new JwksVerificationKeyResolver(new JsonWebKeySet(keys.text()).getJsonWebKeys()))
            .setExpectedIssuer(document.path("issuer").asText())
            .setExpectedAudience("oidc-discovery-test")
            .setRequireExpirationTime()
            .build();
    JwtClaims claims = verifier.processToClaims(token);
    assertThat(claims.getSubject()).isEqualTo("system:serviceaccount:default:verifier");
    assertThat(document.path("id_token_signing_alg_values_supported").toString())
        .isEqualTo("[\"ES256\"]");
  }

  @Test
  void othersLearnTheKeysOnlyIfARoleSaysSo() {
    assertThat(new RawHttp(server.getPort(), "user-token").get(DISCOVERY).code()).isEqualTo(403);
    assertThat(new RawHttp(server.getPort(), "").get(DISCOVERY).code()).isEqualTo(401);
  }

  private String token(String spec) {
    return made(admin.post(ACCOUNTS + "/verifier/token", json("{'spec':{%s}}".formatted(spec))))
        .json()
        .at("/status/token")
        .asText();
  }
}
