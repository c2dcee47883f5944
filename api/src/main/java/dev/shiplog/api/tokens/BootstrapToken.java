package dev.shiplog.api.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.access.SecretText;
import dev.shiplog.api.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a Secret in {@code kube-system} says of a bootstrap token. Immutable; any thread.
 *
 * @param stored the Secret
 * @param id its public half; empty if the Secret is not named after it
 * @param secret what proves it
 * @param end when it expires; empty for never, the epoch where it cannot be read
 * @param forSigning whether {@code cluster-info} is to be signed with it
 */
record BootstrapToken(
    StoredObject stored, String id, String secret, Optional<Instant> end, boolean forSigning) {

  static final String NAMESPACE = "kube-system";

  private static final String ALGORITHM = "HmacSHA256";

  static BootstrapToken of(StoredObject stored, JsonNode tree) {
    String id = SecretText.of(tree, "token-id");
    boolean named = !id.isEmpty() && stored.key().name().equals("bootstrap-token-" + id);
    String end = SecretText.of(tree, "expiration");
    return new BootstrapToken(
        stored,
        named ? id : "",
        SecretText.of(tree, "token-secret"),
        end.isEmpty() ? Optional.empty() : Optional.of(time(end)),
        SecretText.of(tree, "usage-bootstrap-signing").equals("true"));
  }

  boolean hasEnded(Instant now) {
    return end.filter(last -> !last.isAfter(now)).isPresent();
  }

  boolean signs(Instant now) {
    return forSigning && !id.isEmpty() && !secret.isEmpty() && !hasEnded(now);
  }

  /**
   * A JSON Web Signature (HS256) whose content is left out: whoever verifies it has it.
   *
   * @param content what is signed
   */
  String sign(String content) {
    String header = base64("{\"alg\":\"HS256\",\"kid\":\"" + id + "\"}");
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      byte[] signature =
          mac.doFinal((header + "." + base64(content)).getBytes(StandardCharsets.US_ASCII));
      return header + ".." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC", e);
    }
  }

  /** The secret stays out of logs. */
  @Override
  public String toString() {
    return "BootstrapToken[" + stored.key().text() + "]";
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException unreadable) {
      return Instant.EPOCH;
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
