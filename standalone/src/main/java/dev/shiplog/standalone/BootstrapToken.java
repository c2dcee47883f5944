package dev.shiplog.standalone;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a machine shows that is to become a node: {@code ID.SECRET}, in Kubernetes' form.
 *
 * @param id six letters and digits; names it
 * @param secret sixteen of them; proves it
 */
record BootstrapToken(String id, String secret) {

  static final String NAMESPACE = "kube-system";
  static final String TYPE = "bootstrap.kubernetes.io/token";
  static final String SECRET_NAME = "bootstrap-token-";

  /** Whom such tokens are for, in kubeadm's words; default roles let them ask for certificates. */
  private static final String GROUP = "system:bootstrappers:kubeadm:default-node-token";

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 6;
  private static final int SECRET_LENGTH = 16;

  static BootstrapToken create() {
    SecureRandom random = new SecureRandom();
    return new BootstrapToken(letters(random, ID_LENGTH), letters(random, SECRET_LENGTH));
  }

  private static String letters(RandomGenerator random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /**
   * The Secret that makes it good.
   *
   * @param ttl how long; empty for ever
   */
  Secret object(Instant now, Optional<Duration> ttl) {
    var builder =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName(SECRET_NAME + id)
            .endMetadata()
            .withType(TYPE)
            .addToStringData("token-id", id)
            .addToStringData("token-secret", secret)
            .addToStringData("usage-bootstrap-authentication", "true")
            .addToStringData("usage-bootstrap-signing", "true")
            .addToStringData("auth-extra-groups", GROUP)
            .addToStringData("description", "Lets machines join; made by 'shiplog token create'.");
    ttl.ifPresent(lasts ->
        builder.addToStringData(
            "expiration", now.plus(lasts).truncatedTo(ChronoUnit.SECONDS).toString()));
    return builder.build();
  }

  /** As it is shown. */
  String text() {
    return id + "." + secret;
  }

  /** The secret stays out of logs. */
  @Override
  public String toString() {
    return "BootstrapToken[" + id + "]";
  }
}
