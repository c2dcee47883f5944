package dev.shiplog.api.addresses;

import dev.shiplog.api.registry.Services;
import dev.shiplog.api.store.Snapshot;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The addresses that Services can have.
 *
 * <p>They are drawn from the upper part of a range while there are any; the lower part is left to
 * those that are asked for by number, such as that of the cluster's DNS.
 *
 * @param configured the range of the cluster for as long as there is no ServiceCIDR of it
 * @param choice from a bound, a number below it: where in a range to start looking
 */
record AddressSpace(AddressRange configured, IntUnaryOperator choice) {

  boolean contains(Snapshot state, String address) {
    return ServiceCidr.open(state, configured).stream().anyMatch(it -> it.contains(address));
  }

  /** An IPAddress of a Service that has it no longer is a trace of it, which holds nothing. */
  static boolean isTaken(Snapshot state, String address) {
    return !state.byIndex(Services.SERVICES, IpAddresses.INDEX, address).isEmpty()
        || state
            .get(IpAddresses.key(address))
            .filter(object -> !IpAddresses.isManaged(object))
            .isPresent();
  }

  /** One that is not taken; empty if all are. */
  Optional<String> free(Snapshot state) {
    return ServiceCidr.open(state, configured).stream()
        .flatMap(range -> free(state, range).stream())
        .findFirst();
  }

  private Optional<String> free(Snapshot state, AddressRange range) {
    int reserved = range.reserved();
    return free(state, range, reserved, range.usable() - reserved)
        .or(() -> free(state, range, 0, reserved));
  }

  private Optional<String> free(Snapshot state, AddressRange range, int from, int count) {
    int start = count > 0 ? choice.applyAsInt(count) : 0;
    return IntStream.range(0, count)
        .mapToObj(i -> range.address(from + (start + i) % count))
        .filter(address -> !isTaken(state, address))
        .findFirst();
  }
}
