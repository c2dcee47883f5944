package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.rbac.DefaultPolicy;
import dev.shiplog.api.access.rbac.PolicyRepair;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Makes the roles and bindings that every cluster has, and gives those that are there what they
 * lack. Where nothing is missing, nothing is written.
 */
final class DefaultRoles {

  private final OwnWrites writes;
  private final Store store;

  DefaultRoles(OwnWrites writes, Store store) {
    this.writes = writes;
    this.store = store;
  }

  CompletableFuture<Void> ensure() {
    Snapshot now = store.current();
    List<CompletableFuture<Void>> all =
        DefaultPolicy.objects().stream().map(wanted -> ensure(now, wanted)).toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> ensure(Snapshot now, ObjectNode wanted) {
    Optional<StoredObject> stored = now.get(writes.named(wanted).key());
    if (stored.isEmpty()) {
      return writes.create(wanted);
    }
    ObjectNode found = stored.get().tree();
    if (PolicyRepair.bindsAnother(found, wanted)) {
      return writes.delete(wanted).thenCompose(deleted -> writes.create(wanted));
    }
    return PolicyRepair.complete(found, wanted)
        .map(writes::tryUpdate)
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }
}
