package dev.shiplog.api.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.ReservedClaimNames;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/**
 * Signs tokens of ServiceAccounts, and knows senders by them. A token ends with its time, with its
 * ServiceAccount, and with the pod or Secret it is bound to: those are looked up for each request.
 */
public final class ServiceAccountTokens implements Authenticator {

  private static final StorageResource ACCOUNTS = StorageResource.of("serviceaccounts", "");
  private static final Map<String, StorageResource> BOUND_TO =
      Map.of(
          "pod", StorageResource.of("pods", ""),
          "secret", StorageResource.of("secrets", ""),
          "node", StorageResource.of("nodes", ""));
  private static final String PRIVATE_CLAIM = "kubernetes.io";

  /** Claims of tokens from Secrets have flat names, and an issuer of their own. */
  private static final String LEGACY_ISSUER = "kubernetes/serviceaccount";

  private static final String LEGACY = "kubernetes.io/serviceaccount/";
  private static final int MOST_CACHED = 20_000;
  private static final Duration LONGEST_CACHED = Duration.ofMinutes(10);

  /** How far the clocks of API servers may be apart. */
  private static final int SKEW_SECONDS = 10;

  private final SigningKey key;
  private final VerificationKeys keys;
  private final TokenIssuers issuers;
  private final InstantSource clock;
  private final Supplier<Snapshot> state;
  private final TokenCache<JwtClaims> verified;

  /**
   * Signs and knows tokens.
   *
   * @param key signs
   * @param keys those that tokens may be signed with
   */
  public ServiceAccountTokens(
      SigningKey key,
      VerificationKeys keys,
      TokenIssuers issuers,
      InstantSource clock,
      Supplier<Snapshot> state) {
    this.key = key;
    this.keys = keys;
    this.issuers = issuers;
    this.clock = clock;
    this.state = state;
    this.verified = new TokenCache<>(MOST_CACHED, clock);
  }

  /**
   * An object a token is bound to.
   *
   * @param kind {@code pod}, {@code secret} or {@code node}
   */
  public record Bound(String kind, String name, String uid) {}

  /**
   * What a token is to say.
   *
   * @param account key of the ServiceAccount
   * @param uid the ServiceAccount's
   * @param audiences whom it is for; none: the API server
   * @param tokenId unique
   */
  public record Claims(
      ObjectKey account,
      String uid,
      List<String> audiences,
      Instant expires,
      Optional<Bound> bound,
      String tokenId) {}

  /** Whom a token is for if nobody says otherwise: this server. */
  public List<String> audiences() {
    return issuers.audiences();
  }

  /** Signs a token. */
  public String sign(Claims claims) {
    JwtClaims jwt = new JwtClaims();
    jwt.setIssuer(issuers.first());
    jwt.setSubject(username(claims.account().namespace(), claims.account().name()));
    // As Kubernetes writes it, a list even of one; the library's own method unpacks that.
    jwt.setClaim(
        ReservedClaimNames.AUDIENCE,
        claims.audiences().isEmpty() ? audiences() : claims.audiences());
    jwt.setIssuedAt(date(clock.instant()));
    jwt.setNotBefore(date(clock.instant()));
    jwt.setExpirationTime(date(claims.expires()));
    jwt.setJwtId(claims.tokenId());
    jwt.setClaim(PRIVATE_CLAIM, privateClaim(claims));
    return sign(jwt);
  }

  /**
   * Signs a token that a Secret is to hold: it ends with the Secret, and with the account.
   *
   * @param uid the account's
   */
  public String signForSecret(ObjectKey account, String uid, String secret) {
    JwtClaims jwt = new JwtClaims();
    jwt.setIssuer(LEGACY_ISSUER);
    jwt.setSubject(username(account.namespace(), account.name()));
    jwt.setClaim(LEGACY + "namespace", account.namespace());
    jwt.setClaim(LEGACY + "secret.name", secret);
    jwt.setClaim(LEGACY + "service-account.name", account.name());
    jwt.setClaim(LEGACY + "service-account.uid", uid);
    return sign(jwt);
  }

  private String sign(JwtClaims jwt) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(jwt.toJson());
    signature.setKey(key.privateKey());
    signature.setKeyIdHeaderValue(key.id());
    signature.setAlgorithmHeaderValue(key.algorithm());
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException("the key was checked when it was read", e);
    }
  }

  @Override
  public boolean knowsAudiences() {
    return true;
  }

  @Override
  public Optional<UserInfo> authenticate(Credentials credentials) {
    String token = credentials.bearerToken().orElse("");
    if (token.indexOf('.') < 0) {
      return Optional.empty();
    }
    try {
      Optional<JwtClaims> claims = claims(token);
      return claims.isPresent() && isInForce(claims.get(), credentials)
          ? user(token, claims.get())
          : Optional.empty();
    } catch (MalformedClaimException notGood) {
      return Optional.empty();
    }
  }

  /** What the token says, if one of our keys signed it. */
  private Optional<JwtClaims> claims(String token) throws MalformedClaimException {
    ByteBuffer name = TokenCache.key(token);
    Optional<JwtClaims> known = verified.get(name);
    if (known.isPresent()) {
      return known;
    }
    try {
      JwtClaims claims = consumer().processToClaims(token);
      verified.put(name, claims, clock.instant().plus(LONGEST_CACHED));
      return Optional.of(claims);
    } catch (InvalidJwtException notGood) {
      return Optional.empty();
    }
  }

  /** Looks at the signature alone; what ends a token is looked at for each request. */
  private JwtConsumer consumer() {
    return new JwtConsumerBuilder()
        .setJwsAlgorithmConstraints(
            new AlgorithmConstraints(
                ConstraintType.PERMIT, keys.algorithms().toArray(String[]::new)))
        .setVerificationKeyResolver(keys)
        .setExpectedIssuers(true, accepted())
        .setSkipDefaultAudienceValidation()
        .setRequireSubject()
        .setEvaluationTime(date(clock.instant()))
        .setAllowedClockSkewInSeconds(SKEW_SECONDS)
        .build();
  }

  private String[] accepted() {
    return Stream.concat(issuers.names().stream(), Stream.of(LEGACY_ISSUER)).toArray(String[]::new);
  }

  private boolean isInForce(JwtClaims jwt, Credentials credentials) throws MalformedClaimException {
    if (jwt.getIssuer().equals(LEGACY_ISSUER)) {
      return credentials.isForThisServer();
    }
    long now = clock.instant().getEpochSecond();
    NumericDate end = jwt.getExpirationTime();
    NumericDate start = jwt.getNotBefore();
    return end != null
        && now < end.getValue()
        && (start == null || now >= start.getValue() - SKEW_SECONDS)
        && jwt.hasAudience()
        && isFor(jwt.getAudience(), credentials);
  }

  private boolean isFor(List<String> audiences, Credentials credentials) {
    return credentials.isForThisServer()
        ? audiences.stream().anyMatch(issuers.audiences()::contains)
        : audiences.contains(credentials.audience());
  }

  private Optional<UserInfo> user(String token, JwtClaims jwt) throws MalformedClaimException {
    return jwt.getIssuer().equals(LEGACY_ISSUER) ? ofSecret(token, jwt) : user(jwt);
  }

  /** The Secret has to hold this very token still. */
  private Optional<UserInfo> ofSecret(String token, JwtClaims jwt) throws MalformedClaimException {
    String namespace = legacy(jwt, "namespace");
    String name = legacy(jwt, "service-account.name");
    String uid = legacy(jwt, "service-account.uid");
    Snapshot now = state.get();
    ObjectKey secret = new ObjectKey(BOUND_TO.get("secret"), namespace, legacy(jwt, "secret.name"));
    boolean held =
        now.get(secret).map(StoredObject::tree).filter(found -> holds(found, token)).isPresent();
    if (!held
        || !jwt.getSubject().equals(username(namespace, name))
        || !isAlive(now, new ObjectKey(ACCOUNTS, namespace, name), uid)) {
      return Optional.empty();
    }
    return Optional.of(user(namespace, name, uid, Map.of()));
  }

  private static boolean holds(JsonNode secret, String token) {
    byte[] held = Base64.getDecoder().decode(secret.at("/data/token").asText(""));
    return !secret.path("metadata").has("deletionTimestamp")
        && MessageDigest.isEqual(held, token.getBytes(StandardCharsets.UTF_8));
  }

  private static String legacy(JwtClaims jwt, String claim) throws MalformedClaimException {
    String value = jwt.getStringClaimValue(LEGACY + claim);
    return value == null ? "" : value;
  }

  private Optional<UserInfo> user(JwtClaims jwt) throws MalformedClaimException {
    Map<?, ?> claim = jwt.getClaimValue(PRIVATE_CLAIM, Map.class);
    if (claim == null) {
      return Optional.empty();
    }
    String namespace = text(claim, "namespace");
    Map<?, ?> account = (Map<?, ?>) claim.get("serviceaccount");
    String name = text(account, "name");
    String uid = text(account, "uid");
    Snapshot now = state.get();
    if (!isAlive(now, new ObjectKey(ACCOUNTS, namespace, name), uid)
        || !jwt.getSubject().equals(username(namespace, name))
        || !isBoundAlive(now, namespace, claim)) {
      return Optional.empty();
    }
    return Optional.of(user(namespace, name, uid, extra(jwt, claim)));
  }

  private static UserInfo user(
      String namespace, String name, String uid, Map<String, List<String>> extra) {
    return new UserInfo(
        username(namespace, name),
        uid,
        List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace),
        extra);
  }

  private static boolean isBoundAlive(Snapshot now, String namespace, Map<?, ?> claim) {
    for (Map.Entry<String, StorageResource> kind : BOUND_TO.entrySet()) {
      if (claim.get(kind.getKey()) instanceof Map<?, ?> bound) {
        String where = kind.getKey().equals("node") ? "" : namespace;
        ObjectKey key = new ObjectKey(kind.getValue(), where, text(bound, "name"));
        if (!isAlive(now, key, text(bound, "uid"))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isAlive(Snapshot now, ObjectKey key, String uid) {
    return now.get(key).map(StoredObject::uid).filter(uid::equals).isPresent();
  }

  private static Map<String, List<String>> extra(JwtClaims jwt, Map<?, ?> claim)
      throws MalformedClaimException {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    extra.put(Credentials.ID, List.of("JTI=" + jwt.getJwtId()));
    if (claim.get("pod") instanceof Map<?, ?> pod) {
      extra.put("authentication.kubernetes.io/pod-name", List.of(text(pod, "name")));
      extra.put("authentication.kubernetes.io/pod-uid", List.of(text(pod, "uid")));
    }
    return extra;
  }

  private static Map<String, Object> privateClaim(Claims claims) {
    Map<String, Object> claim = new LinkedHashMap<>();
    claim.put("namespace", claims.account().namespace());
    claim.put("serviceaccount", Map.of("name", claims.account().name(), "uid", claims.uid()));
    claims
        .bound()
        .ifPresent(
            bound -> claim.put(bound.kind(), Map.of("name", bound.name(), "uid", bound.uid())));
    return claim;
  }

  private static String username(String namespace, String name) {
    return "system:serviceaccount:" + namespace + ":" + name;
  }

  private static String text(Map<?, ?> map, String field) {
    return map != null && map.get(field) instanceof String text ? text : "";
  }

  private static NumericDate date(Instant instant) {
    return NumericDate.fromSeconds(instant.getEpochSecond());
  }
}
