package dev.shiplog.api.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Optional;

/**
 * What a Secret says of the service account whose token it holds. Immutable; any thread.
 *
 * @param stored the Secret
 * @param account whom its annotation names
 * @param uid of that account; empty if the Secret does not say yet
 */
record AccountToken(StoredObject stored, ObjectKey account, String uid) {

  static final String TYPE = "kubernetes.io/service-account-token";
  static final StorageResource ACCOUNTS = StorageResource.of("serviceaccounts", "");

  private static final String NAME = "kubernetes.io/service-account.name";
  private static final String UID = "kubernetes.io/service-account.uid";

  /** Empty if the Secret names nobody. */
  static Optional<AccountToken> of(StoredObject stored, JsonNode tree) {
    JsonNode annotations = tree.path("metadata").path("annotations");
    String name = annotations.path(NAME).asText("");
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AccountToken(
                stored,
                new ObjectKey(ACCOUNTS, stored.key().namespace(), name),
                annotations.path(UID).asText("")));
  }

  /** Whether the account is gone, or is another one of its name. */
  boolean isLeftOver(Snapshot state) {
    return state.get(account).filter(found -> uid.isEmpty() || uid.equals(found.uid())).isEmpty();
  }
}
