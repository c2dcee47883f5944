package dev.shiplog.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.access.Authentication.Anonymous;
import dev.shiplog.api.access.ServiceAccountTokens.Bound;
import dev.shiplog.api.access.ServiceAccountTokens.Claims;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bearer tokens say who sends a request, and which do not. */
class TokensTest {

  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final ObjectKey ROBOT =
      new ObjectKey(StorageResource.of("serviceaccounts", ""), "team", "robot");
  private static final String ROBOT_UID = "team/robot";
  private static final SigningKey KEY = key("EC", 256);
  private static final SigningKey OLD_KEY = key("RSA", 2048);
  private static final SigningKey FOREIGN_KEY = key("EC", 256);

  private final FewObjects objects = new FewObjects();
  private Instant now = START;
  private final VerificationKeys keys = new VerificationKeys(KEY, List.of(OLD_KEY));
  private final ServiceAccountTokens tokens = signing(KEY);
  private final Authentication authentication =
      new Authentication(
          List.of(new BootstrapTokens(() -> objects, () -> now), tokens), Anonymous.HEALTH);

  private static SigningKey key(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      KeyPair pair = generator.generateKeyPair();
      return SigningKey.of(pair.getPrivate(), pair.getPublic());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private ServiceAccountTokens signing(SigningKey key) {
    return new ServiceAccountTokens(key, keys, TokenIssuers.DEFAULT, () -> now, () -> objects);
  }

  @BeforeEach
  void fill() {
    objects.put(
        "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"namespace\":\"team\",\"name\":\"robot\"}}");
    objects.put(
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"team\",\"name\":\"web\"}}");
    objects.put(bootstrap("abcdef", Map.of()));
  }

  private static String bootstrap(String id, Map<String, String> others) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put("token-id", id);
    data.put("token-secret", "0123456789abcdef");
    data.put("usage-bootstrap-authentication", "true");
    data.put("auth-extra-groups", "system:bootstrappers:workers");
    data.putAll(others);
    StringBuilder json = new StringBuilder();
    data.forEach((field, value) ->
        json.append(json.isEmpty() ? "" : ",")
            .append("\"%s\":\"%s\"".formatted(field, base64(value))));
    return """
    {"apiVersion":"v1","kind":"Secret","type":"bootstrap.kubernetes.io/token",
     "metadata":{"namespace":"kube-system","name":"bootstrap-token-%s"},"data":{%s}}
    """
        .formatted(id, json);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anAudienceIsAListAlsoWhereItIsOne() {
    String token = tokens.sign(claims(List.of("vault"), Optional.empty()));

    String payload =
        new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    assertThat(payload).contains("\"aud\":[\"vault\"]");
  }

  private Claims claims(List<String> audiences, Optional<Bound> bound) {
    return new Claims(ROBOT, ROBOT_UID, audiences, START.plusSeconds(3600), bound, "id");
  }

  private String good() {
    return tokens.sign(claims(List.of(), Optional.empty()));
  }

  private boolean isKnown(String token) {
    return isKnown(Credentials.ofToken(token));
  }

  private boolean isKnown(Credentials credentials) {
    try {
      authentication.authenticate(credentials);
      return true;
    } catch (ApiFailure unauthorized) {
      return false;
    }
  }

  @Test
  void aTokenSaysWhoItsServiceAccountIs() {
    UserInfo user = authentication.authenticate(Credentials.ofToken(good()));

    assertThat(user.username()).isEqualTo("system:serviceaccount:team:robot");
    assertThat(user.uid()).isEqualTo(ROBOT_UID);
    assertThat(user.groups())
        .containsExactly(
            "system:serviceaccounts", "system:serviceaccounts:team", "system:authenticated");
  }

  @Test
  void aTokenEndsWithItsTimeAlsoWhenItWasVerifiedBefore() {
    String token = good();
    assertThat(isKnown(token)).isTrue();

    now = START.plusSeconds(3599);
    assertThat(isKnown(token)).isTrue();
    now = START.plusSeconds(3600);
    assertThat(isKnown(token)).isFalse();
  }

  @Test
  void aTokenEndsWithThePodItIsBoundTo() {
    String token = tokens.sign(claims(List.of(), Optional.of(new Bound("pod", "web", "team/web"))));
    assertThat(isKnown(token)).isTrue();

    objects.clear();
    assertThat(isKnown(token)).isFalse();
  }

  @Test
  void aTokenIsKnownOnlyToWhomItIsFor() {
    String token = tokens.sign(claims(List.of("vault"), Optional.empty()));

    assertThat(isKnown(token)).isFalse();
    assertThat(isKnown(Credentials.ofToken(token, "vault"))).isTrue();
    assertThat(isKnown(Credentials.ofToken(good(), "vault"))).isFalse();
  }

  @Test
  void tokensOfTheKeyBeforeAreKnownWhileItIsGiven() {
    String old = signing(OLD_KEY).sign(claims(List.of(), Optional.empty()));

    assertThat(isKnown(old)).isTrue();
    assertThat(
            new IssuerDocuments(keys, TokenIssuers.DEFAULT)
                .at(IssuerDocuments.KEYS)
                .orElseThrow()
                .text())
        .contains(KEY.id(), OLD_KEY.id())
        .doesNotContain("\"d\"");
  }

  @Test
  void tokensOfTheNameBeforeAreKnownWhileItIsGiven() {
    String before = good();
    ServiceAccountTokens renamed = issuedBy("https://new.example", TokenIssuers.DEFAULT.first());

    assertThat(renamed.authenticate(Credentials.ofToken(before))).isPresent();
    assertThat(issuedBy("https://new.example").authenticate(Credentials.ofToken(before))).isEmpty();
    String after = renamed.sign(claims(List.of(), Optional.empty()));
    assertThat(renamed.authenticate(Credentials.ofToken(after))).isPresent();
    assertThat(isKnown(after)).isFalse();
    assertThat(renamed.audiences())
        .containsExactly("https://new.example", TokenIssuers.DEFAULT.first());
  }

  private ServiceAccountTokens issuedBy(String... names) {
    TokenIssuers issuers =
        TokenIssuers.of(Optional.of(List.of(names)), Optional.empty(), Optional.empty());
    return new ServiceAccountTokens(KEY, keys, issuers, () -> now, () -> objects);
  }

  @Test
  void theKeysArePublishedWhereTheIssuerSays() {
    assertThat(discovery("https://new.example/", Optional.empty()))
        .contains("\"issuer\":\"https://new.example/\"")
        .contains("\"jwks_uri\":\"https://new.example/openid/v1/jwks\"");
    assertThat(discovery("https://new.example", Optional.of("https://keys.example/all")))
        .contains("\"jwks_uri\":\"https://keys.example/all\"");
    assertThat(discovery("the-cluster", Optional.empty())).isEmpty();
  }

  private String discovery(String issuer, Optional<String> keysUri) {
    TokenIssuers issuers = TokenIssuers.of(Optional.of(List.of(issuer)), Optional.empty(), keysUri);
    return new IssuerDocuments(keys, issuers)
        .at(IssuerDocuments.DISCOVERY)
        .map(IssuerDocuments.Document::text)
        .orElse("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b c", "https://a,https://a"})
  void whatCanBeNoIssuerIsRefused(String names) {
    assertThatThrownBy(() -> issuedBy(names.split(",", -1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTokenOfASecretIsKnownWhileTheSecretHoldsIt() {
    String token = tokens.signForSecret(ROBOT, ROBOT_UID, "legacy");
    assertThat(isKnown(token)).isFalse();

    objects.put(
        """
        {"apiVersion":"v1","kind":"Secret","metadata":{"namespace":"team","name":"legacy"},
         "data":{"token":"%s"}}
        """
            .formatted(base64(token)));
    assertThat(isKnown(token)).isTrue();
    assertThat(isKnown(Credentials.ofToken(token, "vault"))).isFalse();
  }

  @Test
  void aBootstrapTokenSaysThatSomebodyWantsToJoin() {
    UserInfo user = authentication.authenticate(Credentials.ofToken("abcdef.0123456789abcdef"));

    assertThat(user.username()).isEqualTo("system:bootstrap:abcdef");
    assertThat(user.groups())
        .containsExactly(
            "system:bootstrappers", "system:bootstrappers:workers", "system:authenticated");
  }

  @Test
  void whatIsVerifiedIsKeptWithinBounds() {
    TokenCache<String> cache = new TokenCache<>(10, () -> now);
    for (int i = 0; i < 1000; i++) {
      cache.put(TokenCache.key("token-" + i), "value", now.plus(Duration.ofMinutes(1)));
    }

    assertThat(cache.size()).isLessThanOrEqualTo(10);
    assertThat(cache.get(TokenCache.key("token-999"))).contains("value");
    now = now.plus(Duration.ofMinutes(1));
    assertThat(cache.get(TokenCache.key("token-999"))).isEmpty();
  }

  /** Every attempt by name; none gets in. */
  @TestFactory
  Stream<DynamicTest> noForgedTokenGetsIn() {
    Map<String, Callable<String>> attempts = new LinkedHashMap<>();
    attempts.put("alg none", () -> unsigned("none"));
    attempts.put("alg NONE", () -> unsigned("NONE"));
    attempts.put("no alg", () -> unsigned(""));
    attempts.put("HMAC with the public key", this::hmac);
    attempts.put("ours in name, a foreign key", () -> forged(KEY.id(), FOREIGN_KEY));
    attempts.put("a foreign key under its own name", () -> forged(FOREIGN_KEY.id(), FOREIGN_KEY));
    attempts.put("a foreign key without name", () -> forged(null, FOREIGN_KEY));
    attempts.put("the old key's name, the new key's algorithm", () -> forged(OLD_KEY.id(), KEY));
    attempts.put("another issuer", () -> payload("iss", "\"https://example.com\""));
    attempts.put("no issuer", () -> payload("iss", "null"));
    attempts.put("another audience", () -> payload("aud", "[\"vault\"]"));
    attempts.put("no audience", () -> payload("aud", "null"));
    attempts.put("expired", () -> payload("exp", "1"));
    attempts.put("no end", () -> payload("exp", "null"));
    attempts.put("not valid yet", () -> payload("nbf", "99999999999"));
    attempts.put("no subject", () -> payload("sub", "null"));
    attempts.put(
        "another subject", () -> payload("sub", "\"system:serviceaccount:kube-system:root\""));
    attempts.put("no account", () -> payload("kubernetes.io", "null"));
    attempts.put("an account of another uid", () -> account("team", "robot", "other"));
    attempts.put("an account that is not there", () -> account("team", "gone", "x"));
    attempts.put("a namespace with a slash", () -> account("team/robot", "", "team/robot"));
    attempts.put("a bound pod that is gone", () -> bound("gone"));
    attempts.put("a changed payload", this::tampered);
    attempts.put("a cut signature", () -> good().substring(0, good().length() - 4));
    attempts.put("no signature", () -> good().substring(0, good().lastIndexOf('.') + 1));
    attempts.put("two parts", () -> good().substring(0, good().lastIndexOf('.')));
    attempts.put("five parts", () -> good() + ".a.b");
    attempts.put("nothing", () -> "");
    attempts.put("dots", () -> "..");
    attempts.put("a megabyte", () -> "a.".repeat(500_000));
    attempts.put("no base64", () -> "\u0000.\uffff.~");
    attempts.put("a Secret that does not hold it", () -> legacy("gone"));
    attempts.put("a bootstrap token's wrong secret", () -> "abcdef.0123456789abcdee");
    attempts.put("a bootstrap token's unknown id", () -> "aaaaaa.0123456789abcdef");
    attempts.put("a bootstrap token in capitals", () -> "ABCDEF.0123456789ABCDEF");
    attempts.put("an ended bootstrap token", () -> spoilt("expiration", "2026-02-28T00:00:00Z"));
    attempts.put("a bootstrap token without a readable end", () -> spoilt("expiration", "soon"));
    attempts.put(
        "a bootstrap token that only signs",
        () -> spoilt("usage-bootstrap-authentication", "false"));
    attempts.put("a bootstrap token of another id", () -> spoilt("token-id", "bbbbbb"));
    attempts.put(
        "a bootstrap token that makes masters",
        () -> spoilt("auth-extra-groups", "system:masters"));
    return attempts.entrySet().stream()
        .map(attempt ->
            DynamicTest.dynamicTest(
                attempt.getKey(), () -> assertThat(isKnown(attempt.getValue().call())).isFalse()));
  }

  private String spoilt(String field, String value) {
    objects.put(bootstrap("bad000", Map.of(field, value)));
    return "bad000.0123456789abcdef";
  }

  private String payload() {
    return new String(
        Base64.getUrlDecoder().decode(good().split("\\.")[1]), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private String unsigned(String algorithm) {
    String head = algorithm.isEmpty() ? "{}" : "{\"alg\":\"" + algorithm + "\"}";
    return encoded(head) + "." + encoded(payload()) + ".";
  }

  private String hmac() throws Exception {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(payload());
    signature.setKeyIdHeaderValue(KEY.id());
    signature.setAlgorithmHeaderValue("HS256");
    signature.setKey(new HmacKey(KEY.publicKey().getEncoded()));
    return signature.getCompactSerialization();
  }

  private String forged(String id, SigningKey key) throws Exception {
    return signed(payload(), id, key);
  }

  private static String signed(String payload, String id, SigningKey key) throws Exception {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(payload);
    if (id != null) {
      signature.setKeyIdHeaderValue(id);
    }
    signature.setAlgorithmHeaderValue(key.algorithm());
    signature.setKey(key.privateKey());
    return signature.getCompactSerialization();
  }

  /** Well signed, with one claim replaced; null takes it out. */
  private String payload(String claim, String json) throws Exception {
    var tree =
        (com.fasterxml.jackson.databind.node.ObjectNode)
            dev.shiplog.topics.record.Json.MAPPER.readTree(payload());
    var value = dev.shiplog.topics.record.Json.MAPPER.readTree(json);
    if (value.isNull()) {
      tree.remove(claim);
    } else {
      tree.set(claim, value);
    }
    return signed(tree.toString(), KEY.id(), KEY);
  }

  private String account(String namespace, String name, String uid) throws Exception {
    return payload(
        "kubernetes.io",
        "{\"namespace\":\"%s\",\"serviceaccount\":{\"name\":\"%s\",\"uid\":\"%s\"}}"
            .formatted(namespace, name, uid));
  }

  private String bound(String pod) {
    return tokens.sign(claims(List.of(), Optional.of(new Bound("pod", pod, "team/" + pod))));
  }

  private String legacy(String secret) {
    return tokens.signForSecret(ROBOT, ROBOT_UID, secret);
  }

  private String tampered() {
    String[] parts = good().split("\\.");
    return parts[0] + "." + encoded(payload().replace("robot", "admin")) + "." + parts[2];
  }
}
