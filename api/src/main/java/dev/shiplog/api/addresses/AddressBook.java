package dev.shiplog.api.addresses;

import dev.shiplog.api.registry.Services;
import dev.shiplog.api.store.CommitRule.Amendment;
import dev.shiplog.api.store.CommitRule.Changed;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What becomes of IPAddresses when Services change. The thread that decides. */
final class AddressBook {

  private final InstantSource clock;

  AddressBook(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * The changes of IPAddresses that go with changes of Services.
   *
   * @param state with these changes in it
   */
  List<Amendment> following(Snapshot state, List<Changed> changes) {
    List<Changed> services =
        changes.stream().filter(c -> c.key().resource().equals(Services.SERVICES)).toList();
    if (services.isEmpty()) {
      return List.of();
    }
    Map<ObjectKey, Amendment> amendments = new LinkedHashMap<>();
    services.forEach(change -> release(state, change, amendments));
    services.forEach(change -> take(state, change, amendments));
    // What the transaction says of one itself stands; the leader puts it right if that is wrong.
    changes.forEach(change -> amendments.remove(change.key()));
    return List.copyOf(amendments.values());
  }

  private static void release(
      Snapshot state, Changed change, Map<ObjectKey, Amendment> amendments) {
    String before = change.before() == null ? "" : Services.address(change.before());
    if (before.isEmpty() || before.equals(after(change))) {
      return;
    }
    if (IpAddresses.isHeld(state, before, change.key())) {
      ObjectKey key = IpAddresses.key(before);
      amendments.put(key, new Amendment(key, null));
    }
  }

  /** One that another Service gives back in the same transaction is handed on. */
  private void take(Snapshot state, Changed change, Map<ObjectKey, Amendment> amendments) {
    String address = after(change);
    if (address.isEmpty() || IpAddresses.isHeld(state, address, change.key())) {
      return;
    }
    ObjectKey key = IpAddresses.key(address);
    amendments.put(
        key,
        new Amendment(key, IpAddresses.of(state.get(key), address, change.key(), clock.instant())));
  }

  private static String after(Changed change) {
    return change.after() == null ? "" : Services.address(change.after());
  }
}
