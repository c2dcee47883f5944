package dev.shiplog.api.access;

import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/**
 * Signs tokens of ServiceAccounts, and knows senders by them. A token ends with its time, with its
 * ServiceAccount, and with the pod or Secret it is bound to: those are looked up for each request.
 */
public final class ServiceAccountTokens implements Authenticator {

  /** Who issues the tokens, and whom they are for if nobody says otherwise. */
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  private static final StorageResource ACCOUNTS = StorageResource.of("serviceaccounts", "");
  private static final Map<String, StorageResource> BOUND_TO =
      Map.of(
          "pod", StorageResource.of("pods", ""),
          "secret", StorageResource.of("secrets", ""),
          "node", StorageResource.of("nodes", ""));
  private static final String PRIVATE_CLAIM = "kubernetes.io";

  private final SigningKey key;
  private final InstantSource clock;
  private final Supplier<Snapshot> state;

  public ServiceAccountTokens(SigningKey key, InstantSource clock, Supplier<Snapshot> state) {
    this.key = key;
    this.clock = clock;
    this.state = state;
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

  /** Signs a token. */
  public String sign(Claims claims) {
    JwtClaims jwt = new JwtClaims();
    jwt.setIssuer(ISSUER);
    jwt.setSubject(username(claims.account().namespace(), claims.account().name()));
    jwt.setAudience(claims.audiences().isEmpty() ? List.of(ISSUER) : claims.audiences());
    jwt.setIssuedAt(date(clock.instant()));
    jwt.setNotBefore(date(clock.instant()));
    jwt.setExpirationTime(date(claims.expires()));
    jwt.setJwtId(claims.tokenId());
    jwt.setClaim(PRIVATE_CLAIM, privateClaim(claims));
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
  public Optional<UserInfo> authenticate(Credentials credentials) {
    return credentials.bearerToken().flatMap(token -> verify(token, List.of(ISSUER)));
  }

  /** Who the token is of, if it is good for one of the audiences. */
  public Optional<UserInfo> verify(String token, List<String> audiences) {
    if (token.indexOf('.') < 0) {
      return Optional.empty();
    }
    JwtConsumer consumer =
        new JwtConsumerBuilder()
            .setJwsAlgorithmConstraints(
                new AlgorithmConstraints(ConstraintType.PERMIT, key.algorithm()))
            .setVerificationKey(key.publicKey())
            .setExpectedIssuer(ISSUER)
            .setExpectedAudience(audiences.toArray(String[]::new))
            .setRequireExpirationTime()
            .setRequireSubject()
            .setEvaluationTime(date(clock.instant()))
            .build();
    try {
      return user(consumer.processToClaims(token));
    } catch (InvalidJwtException | MalformedClaimException notGood) {
      return Optional.empty();
    }
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
    return Optional.of(
        new UserInfo(
            username(namespace, name),
            uid,
            List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace),
            extra(jwt, claim)));
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
    extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + jwt.getJwtId()));
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
