package dev.shiplog.api.addresses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Services;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Times;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Finds IPAddresses that are not as the Services say: those of a log from before there were any,
 * and what users changed or deleted. Pure; any thread.
 */
final class AddressRepair {

  /** One that somebody made as if for a Service is left to it for so long, as in Kubernetes. */
  private static final Duration GRACE = Duration.ofSeconds(60);

  /** So much of the journal's entries stays for others. */
  private static final int AT_ONCE = 200;

  private AddressRepair() {}

  /** What is to be changed first; nothing where all is as it should be. */
  static List<ProposedChange> changes(Snapshot state, Instant now) {
    List<ProposedChange> changes = new ArrayList<>();
    Iterator<StoredObject> services = state.list(Services.SERVICES, "", "");
    while (services.hasNext() && changes.size() < AT_ONCE) {
      StoredObject service = services.next();
      String address = Services.address(service);
      if (!address.isEmpty()) {
        ofService(state, address, service.key(), now).ifPresent(changes::add);
      }
    }
    Iterator<StoredObject> addresses = state.list(IpAddresses.RESOURCE, "", "");
    while (addresses.hasNext() && changes.size() < AT_ONCE) {
      StoredObject address = addresses.next();
      if (isLeftOver(state, address, now)) {
        changes.add(new ProposedChange.Delete(address.key(), address.revision()));
      }
    }
    return changes;
  }

  private static Optional<ProposedChange> ofService(
      Snapshot state, String address, ObjectKey service, Instant now) {
    ObjectKey key = IpAddresses.key(address);
    Optional<StoredObject> stored = state.get(key);
    if (stored.filter(IpAddresses::isLabelled).isPresent()
        && IpAddresses.isHeld(state, address, service)) {
      return Optional.empty();
    }
    ObjectNode object = IpAddresses.of(stored, address, service, now);
    return Optional.of(
        stored
            .<ProposedChange>map(is -> new ProposedChange.Update(key, is.revision(), object))
            .orElseGet(() -> new ProposedChange.Create(key, object)));
  }

  private static boolean isLeftOver(Snapshot state, StoredObject address, Instant now) {
    return IpAddresses.isManaged(address)
        && state.byIndex(Services.SERVICES, IpAddresses.INDEX, address.key().name()).isEmpty()
        && Times.parse(Trees.text(address.content(), "metadata", "creationTimestamp"))
            .plus(GRACE)
            .isBefore(now);
  }
}
