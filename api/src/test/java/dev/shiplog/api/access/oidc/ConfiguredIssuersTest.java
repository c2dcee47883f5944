package dev.shiplog.api.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.access.Authenticator;
import dev.shiplog.api.access.Credentials;
import dev.shiplog.api.access.Patience;
import dev.shiplog.api.access.Reloading;
import dev.shiplog.api.access.TokenIssuers;
import dev.shiplog.api.http.WebhookServer;
import dev.shiplog.api.remote.RemoteClients;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an issuer that runs here, over HTTPS with a certificate of its own. */
final class ConfiguredIssuersTest {

  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final PublicJsonWebKey KEY = key("one");

  private static Vertx vertx;
  private static RemoteClients clients;
  private static WebhookServer server;
  private static final AtomicInteger FETCHED = new AtomicInteger();
  private static volatile List<PublicJsonWebKey> published = List.of(KEY);

  @TempDir private Path directory;
  private Instant now;
  private Authenticator issuers;

  @BeforeAll
  static void serve() throws Exception {
    vertx = Vertx.vertx();
    clients = new RemoteClients(vertx, Optional.empty());
    server = new WebhookServer("issuer.example.com");
    server.reply(DISCOVERY, ignored -> discovery(server.url("")));
    server.reply("/other" + DISCOVERY, ignored -> discovery(server.url("/not-other")));
    server.reply("/second" + DISCOVERY, ignored -> discovery(server.url("/second")));
    server.reply(
        "/keys",
        ignored -> {
          FETCHED.incrementAndGet();
          return Json.read(
              new JsonWebKeySet(published)
                  .toJson(OutputControlLevel.PUBLIC_ONLY)
                  .getBytes(StandardCharsets.UTF_8),
              JsonNode.class);
        });
  }

  @AfterAll
  static void stop() {
    server.close();
    clients.close();
    var _ = vertx.close();
  }

  private static JsonNode discovery(String issuer) {
    return Json.MAPPER
        .createObjectNode()
        .put("issuer", issuer)
        .put("jwks_uri", server.url("/keys"));
  }

  @BeforeEach
  void reset() {
    published = List.of(KEY);
    now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private static PublicJsonWebKey key(String id) {
    try {
      EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      key.setKeyId(id);
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file with one issuer; what it says beyond its issuer is given. */
  private Path file(String rest) throws IOException {
    return write(
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n"
            + issuer("", rest));
  }

  private Path write(String text) throws IOException {
    Path file = directory.resolve("authentication.yaml");
    Files.writeString(file, text);
    return file;
  }

  private static String issuer(String path, String rest) {
    String ca =
        new String(Base64.getDecoder().decode(server.caBundle()), StandardCharsets.UTF_8).indent(6);
    return "- issuer:\n    url: "
        + server.url(path)
        + "\n    audiences: [cluster]\n    certificateAuthority: |\n"
        + ca
        + rest.indent(2);
  }

  private static final String BY_SUBJECT =
      "claimMappings: {username: {claim: sub, prefix: 'oidc:'}}";

  private void read(String rest) throws IOException {
    issuers =
        ConfiguredIssuers.read(file(rest), TokenIssuers.DEFAULT, new Webhooks(clients), () -> now);
  }

  private JwtClaims claims() {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(server.url(""));
    claims.setSubject("jane");
    claims.setAudience("cluster");
    claims.setExpirationTime(NumericDate.fromSeconds(now.plusSeconds(3600).getEpochSecond()));
    return claims;
  }

  private static String signed(JwtClaims claims, PublicJsonWebKey key) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    signature.setKeyIdHeaderValue(key.getKeyId());
    signature.setKey(key.getPrivateKey());
    return compact(signature);
  }

  private static String compact(JsonWebSignature signature) {
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private Optional<UserInfo> user(String token) {
    return Patience.await(() -> issuers.authenticate(Credentials.ofToken(token)));
  }

  private Optional<UserInfo> user(JwtClaims claims) {
    return user(signed(claims, KEY));
  }

  @Test
  void aGoodTokenNamesItsUserWithThePrefix() throws Exception {
    read(BY_SUBJECT);

    assertThat(user(claims())).contains(UserInfo.of("oidc:jane"));
  }

  @Test
  void groupsUidAndExtraComeFromClaimsAndExpressions() throws Exception {
    read(
        """
        claimMappings:
          username: {expression: "claims.sub + '@' + claims.team"}
          groups: {claim: roles, prefix: 'r:'}
          uid: {claim: uid}
          extra:
          - {key: example.com/tenant, valueExpression: claims.tenant}
          - {key: example.com/none, valueExpression: "''"}
        """);
    JwtClaims claims = claims();
    claims.setClaim("team", "blue");
    claims.setClaim("roles", List.of("dev", "ops"));
    claims.setClaim("uid", "42");
    claims.setClaim("tenant", "acme");

    assertThat(user(claims))
        .contains(
            new UserInfo(
                "jane@blue",
                "42",
                List.of("r:dev", "r:ops"),
                Map.of("example.com/tenant", List.of("acme"))));
  }

  @ParameterizedTest
  @CsvSource({"acme, true, true", "other, true, false", "acme, false, false"})
  void rulesOnClaimsMustHold(String tenant, boolean adult, boolean accepted) throws Exception {
    read(
        """
        claimValidationRules:
        - {claim: tenant, requiredValue: acme}
        - {expression: claims.adult, message: too young}
        """
            + BY_SUBJECT);
    JwtClaims claims = claims();
    claims.setClaim("tenant", tenant);
    claims.setClaim("adult", adult);

    assertThat(user(claims).isPresent()).isEqualTo(accepted);
  }

  @Test
  void rulesOnTheUserMustHold() throws Exception {
    read(
        """
        claimMappings: {username: {claim: sub, prefix: ''}}
        userValidationRules:
        - {expression: "!user.username.startsWith('system:')", message: reserved}
        """);
    JwtClaims reserved = claims();
    reserved.setSubject("system:admin");

    assertThat(user(reserved)).isEmpty();
    assertThat(user(claims())).contains(UserInfo.of("jane"));
  }

  @Test
  void anAddressThatIsNotVerifiedNamesNobody() throws Exception {
    read("claimMappings: {username: {claim: email, prefix: ''}}");
    JwtClaims claims = claims();
    claims.setClaim("email", "jane@example.com");
    claims.setClaim("email_verified", false);

    assertThat(user(claims)).isEmpty();
  }

  /** What each does to a good token. */
  enum Forgery {
    NO_ALGORITHM,
    SHARED_SECRET,
    FOREIGN_KEY,
    OTHER_AUDIENCE,
    NO_AUDIENCE,
    EXPIRED,
    NO_END,
    NOT_YET,
    OTHER_ISSUER,
    CUT
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void aForgedTokenIsNobodys(Forgery forgery) throws Exception {
    read(BY_SUBJECT);
    assertThat(user(claims())).isPresent();

    assertThat(user(forged(forgery))).isEmpty();
  }

  private static Forgery[] forgeries() {
    return Forgery.values();
  }

  private String forged(Forgery forgery) {
    JwtClaims claims = claims();
    JsonWebSignature signature = new JsonWebSignature();
    signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    signature.setKeyIdHeaderValue("one");
    switch (forgery) {
      case NO_ALGORITHM -> {
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);
        signature.setPayload(claims.toJson());
        return compact(signature);
      }
      case SHARED_SECRET -> {
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        signature.setKey(new HmacKey(KEY.getPublicKey().getEncoded()));
        signature.setPayload(claims.toJson());
        return compact(signature);
      }
      case FOREIGN_KEY -> {
        return signed(claims, key("one"));
      }
      case OTHER_AUDIENCE -> claims.setAudience("elsewhere");
      case NO_AUDIENCE -> claims.unsetClaim("aud");
      case EXPIRED -> claims.setExpirationTime(NumericDate.fromSeconds(now.getEpochSecond() - 60));
      case NO_END -> claims.unsetClaim("exp");
      case NOT_YET -> claims.setNotBefore(NumericDate.fromSeconds(now.getEpochSecond() + 60));
      case OTHER_ISSUER -> claims.setIssuer(server.url("/elsewhere"));
      case CUT -> {
        String token = signed(claims, KEY);
        return token.substring(0, token.length() - 4);
      }
    }
    return signed(claims, KEY);
  }

  @Test
  void aKeyThatIsNewIsFetchedAndOneThatIsUnknownIsNotAskedForAgainAndAgain() throws Exception {
    read(BY_SUBJECT);
    assertThat(user(claims())).isPresent();
    PublicJsonWebKey next = key("two");
    published = List.of(KEY, next);
    now = now.plus(Duration.ofMinutes(1));

    assertThat(user(signed(claims(), next))).isPresent();
    int fetched = FETCHED.get();
    for (int i = 0; i < 20; i++) {
      assertThat(user(signed(claims(), key("unknown-" + i)))).isEmpty();
    }
    assertThat(FETCHED.get()).isEqualTo(fetched);
  }

  @Test
  void anIssuerWhoseDocumentIsAnothersIsNotBelieved() throws Exception {
    issuers =
        ConfiguredIssuers.read(
            write(
                "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n"
                    + issuer("/other", BY_SUBJECT)),
            TokenIssuers.DEFAULT,
            new Webhooks(clients),
            () -> now);
    JwtClaims claims = claims();
    claims.setIssuer(server.url("/other"));

    assertThat(user(claims)).isEmpty();
  }

  @Test
  void severalIssuersAreToldApart() throws Exception {
    issuers =
        ConfiguredIssuers.read(
            write(
                "apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthenticationConfiguration\n"
                    + "jwt:\n"
                    + issuer("", BY_SUBJECT)
                    + issuer("/second", "claimMappings: {username: {claim: sub, prefix: '2:'}}")),
            TokenIssuers.DEFAULT,
            new Webhooks(clients),
            () -> now);
    JwtClaims second = claims();
    second.setIssuer(server.url("/second"));

    assertThat(user(claims())).contains(UserInfo.of("oidc:jane"));
    assertThat(user(second)).contains(UserInfo.of("2:jane"));
  }

  @Test
  void aChangedFileIsReadAgainAndABrokenOneChangesNothing() throws Exception {
    Path file = file(BY_SUBJECT);
    Reloading reloading =
        new Reloading(
            file,
            path ->
                ConfiguredIssuers.read(
                    path, TokenIssuers.DEFAULT, new Webhooks(clients), () -> now));
    issuers = reloading;
    assertThat(user(claims())).contains(UserInfo.of("oidc:jane"));

    file("claimMappings: {username: {claim: sub, prefix: 'new:'}}");
    Files.setLastModifiedTime(file, FileTime.from(now.plusSeconds(1)));
    reloading.look();
    assertThat(user(claims())).contains(UserInfo.of("new:jane"));

    file("claimMappings: {username: {claims: sub}}");
    Files.setLastModifiedTime(file, FileTime.from(now.plusSeconds(2)));
    reloading.look();
    assertThat(user(claims())).contains(UserInfo.of("new:jane"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "claimMappings: {username: {claim: sub}}",
        "claimMappings: {username: {claim: sub, prefix: '', expression: claims.sub}}",
        "claimMappings: {username: {expression: 'claims.'}}",
        "claimMappings: {username: {expression: '1 + 1'}}",
        "claimMappings: {username: {expression: claims.email}}",
        "claimMappings: {user: {claim: sub, prefix: ''}}",
        "claimMappings: {username: {claim: sub, prefix: ''}, groups: {claim: groups}}",
        "claimMappings: {username: {claim: sub, prefix: ''}, extra: [{key: k8s.io/a,"
            + " valueExpression: claims.a}]}"
      })
  void whatMakesNoSenseIsRefused(String rest) {
    assertThatThrownBy(() -> read(rest.equals("{}") ? "" : rest))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("authentication.yaml");
  }
}
