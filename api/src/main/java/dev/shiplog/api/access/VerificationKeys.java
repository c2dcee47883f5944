package dev.shiplog.api.access;

import java.security.Key;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * The keys that ServiceAccount tokens may be signed with: the one in use, and those before and
 * after it while keys are changed. A token names its key; an old one that names none is tried with
 * each. Immutable; any thread.
 */
public final class VerificationKeys implements VerificationKeyResolver {

  private final Map<String, SigningKey> keys = new LinkedHashMap<>();

  /**
   * The keys.
   *
   * @param inUse the one that signs
   * @param others their private halves are not needed
   */
  public VerificationKeys(SigningKey inUse, List<SigningKey> others) {
    keys.put(inUse.id(), inUse);
    others.forEach(key -> keys.putIfAbsent(key.id(), key));
  }

  @Override
  public Key resolveKey(JsonWebSignature jws, List<JsonWebStructure> nesting)
      throws UnresolvableKeyException {
    String id = jws.getKeyIdHeaderValue();
    SigningKey key = id == null ? signerOf(jws) : keys.get(id);
    if (key == null || !key.algorithm().equals(jws.getAlgorithmHeaderValue())) {
      throw new UnresolvableKeyException("no such key");
    }
    return key.publicKey();
  }

  private SigningKey signerOf(JsonWebSignature jws) {
    for (SigningKey key : keys.values()) {
      if (key.algorithm().equals(jws.getAlgorithmHeaderValue()) && signed(jws, key.publicKey())) {
        return key;
      }
    }
    return null;
  }

  private static boolean signed(JsonWebSignature jws, PublicKey key) {
    try {
      JsonWebSignature tried = new JsonWebSignature();
      tried.setCompactSerialization(jws.getCompactSerialization());
      tried.setKey(key);
      return tried.verifySignature();
    } catch (JoseException notBy) {
      return false;
    }
  }

  /** Names of the algorithms in use. */
  List<String> algorithms() {
    return keys.values().stream().map(SigningKey::algorithm).distinct().toList();
  }

  /** The public keys as a JSON Web Key Set. */
  String jwks() {
    List<JsonWebKey> published = new ArrayList<>();
    for (SigningKey key : keys.values()) {
      try {
        PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(key.publicKey());
        jwk.setKeyId(key.id());
        jwk.setUse("sig");
        jwk.setAlgorithm(key.algorithm());
        published.add(jwk);
      } catch (JoseException e) {
        throw new IllegalStateException("the key was checked when it was read", e);
      }
    }
    return new JsonWebKeySet(published).toJson();
  }
}
