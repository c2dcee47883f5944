package dev.shiplog.api.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.access.BootstrapTokens;
import dev.shiplog.api.access.StateFollower;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which Secrets hold tokens, kept up with what is applied, so that all other Secrets are never
 * looked into. One that is being deleted does not count any more. One thread.
 */
final class TokenSecrets implements StateFollower.Derived {

  private final Map<ObjectKey, BootstrapToken> bootstrap = new HashMap<>();
  private final Map<ObjectKey, AccountToken> ofAccounts = new HashMap<>();

  @Override
  public void change(StoredObject before, StoredObject after) {
    if (after == null) {
      forget(before.key());
      return;
    }
    forget(after.key());
    String type = after.fields().getOrDefault("type", "");
    if (type.equals(BootstrapTokens.TYPE) || type.equals(AccountToken.TYPE)) {
      remember(after, type);
    }
  }

  /** Bootstrap tokens whose time is over. */
  List<StoredObject> ended(Instant now) {
    return bootstrap.values().stream()
        .filter(token -> token.hasEnded(now))
        .map(BootstrapToken::stored)
        .toList();
  }

  /** When the next bootstrap token ends, if any is to. */
  Optional<Instant> nextEnd() {
    return bootstrap.values().stream()
        .flatMap(token -> token.end().stream())
        .min(Instant::compareTo);
  }

  /** With what {@code cluster-info} is to be signed. */
  List<BootstrapToken> signing(Instant now) {
    return bootstrap.values().stream().filter(token -> token.signs(now)).toList();
  }

  /** Those whose account is gone. */
  List<StoredObject> leftOver(Snapshot state) {
    List<StoredObject> found = new ArrayList<>();
    ofAccounts.values().stream()
        .filter(token -> token.isLeftOver(state))
        .forEach(token -> found.add(token.stored()));
    return found;
  }

  private void forget(ObjectKey key) {
    bootstrap.remove(key);
    ofAccounts.remove(key);
  }

  private void remember(StoredObject secret, String type) {
    JsonNode tree = secret.tree();
    if (tree.path("metadata").has("deletionTimestamp")) {
      return;
    }
    if (type.equals(AccountToken.TYPE)) {
      AccountToken.of(secret, tree).ifPresent(token -> ofAccounts.put(secret.key(), token));
    } else if (secret.key().namespace().equals(BootstrapToken.NAMESPACE)) {
      bootstrap.put(secret.key(), BootstrapToken.of(secret, tree));
    }
  }
}
