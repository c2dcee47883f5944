package dev.shiplog.api.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows senders by a token {@code id.secret} that a Secret {@code bootstrap-token-ID} in {@code
 * kube-system} holds: what a machine shows that is to become a node. It ends with its Secret, or at
 * the time that this names.
 */
public final class BootstrapTokens implements Authenticator {

  public static final String TYPE = "bootstrap.kubernetes.io/token";

  private static final StorageResource SECRETS = StorageResource.of("secrets", "");
  private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
  private static final Pattern GROUP =
      Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");

  private final Supplier<Snapshot> state;
  private final InstantSource clock;

  public BootstrapTokens(Supplier<Snapshot> state, InstantSource clock) {
    this.state = state;
    this.clock = clock;
  }

  @Override
  public Optional<UserInfo> authenticate(Credentials credentials) {
    Matcher token = TOKEN.matcher(credentials.bearerToken().orElse(""));
    if (!token.matches() || !credentials.isForThisServer()) {
      return Optional.empty();
    }
    String id = token.group(1);
    ObjectKey key = new ObjectKey(SECRETS, "kube-system", "bootstrap-token-" + id);
    return state
        .get()
        .get(key)
        .map(StoredObject::tree)
        .filter(secret -> isGood(secret, id, token.group(2)))
        .flatMap(secret -> user(id, SecretText.of(secret, "auth-extra-groups")));
  }

  private boolean isGood(JsonNode secret, String id, String shown) {
    return secret.path("type").asText().equals(TYPE)
        && !secret.path("metadata").has("deletionTimestamp")
        && SecretText.of(secret, "token-id").equals(id)
        && isSame(SecretText.of(secret, "token-secret"), shown)
        && SecretText.of(secret, "usage-bootstrap-authentication").equals("true")
        && !hasEnded(SecretText.of(secret, "expiration"));
  }

  /** Takes the same time however much of it is right. */
  private static boolean isSame(String secret, String shown) {
    return MessageDigest.isEqual(
        secret.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
  }

  /** A time that cannot be read has passed. */
  private boolean hasEnded(String expiration) {
    try {
      return !expiration.isEmpty() && !clock.instant().isBefore(Instant.parse(expiration));
    } catch (DateTimeException unreadable) {
      return true;
    }
  }

  private static Optional<UserInfo> user(String id, String extraGroups) {
    List<String> groups = new ArrayList<>(List.of("system:bootstrappers"));
    for (String group : extraGroups.isEmpty() ? new String[0] : extraGroups.split(",")) {
      if (!GROUP.matcher(group).matches()) {
        return Optional.empty();
      }
      groups.add(group);
    }
    return Optional.of(new UserInfo("system:bootstrap:" + id, "", groups, Map.of()));
  }
}
