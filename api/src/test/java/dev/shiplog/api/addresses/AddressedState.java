package dev.shiplog.api.addresses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.FieldTable;
import dev.shiplog.api.registry.Services;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A state with Services and addresses in it, to decide in. */
final class AddressedState {

  static final AddressRange RANGE = AddressRange.parse("10.96.0.0/16");
  static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
  static final Instant EARLIER = Instant.parse("2026-01-01T00:00:00Z");

  private final ObjectCodec codec =
      new ObjectCodec(
          new FieldTable(), List.of(new ClusterIpRule(RANGE, _ -> 0, InstantSource.fixed(NOW))));

  private State state = State.EMPTY;

  State now() {
    return state;
  }

  static ObjectKey service(String name) {
    return new ObjectKey(Services.SERVICES, "default", name);
  }

  AddressedState withService(String name, String address) {
    return with(
        service(name),
        "{'metadata':{'name':'%s','namespace':'default'},'spec':{'type':'ClusterIP','clusterIP':'%s'}}"
            .formatted(name, address));
  }

  AddressedState withAddress(String address, String service, Instant made) {
    return with(
        IpAddresses.key(address),
        IpAddresses.of(Optional.empty(), address, service(service), made));
  }

  AddressedState withRange(String name, String cidr, String metadata) {
    return with(
        new ObjectKey(ServiceCidr.RESOURCE, "", name),
        "{'metadata':{'name':'%s'%s},'spec':{'cidrs':['%s']}}".formatted(name, metadata, cidr));
  }

  /** One that is being deleted. */
  AddressedState withEndingRange(String name, String cidr) {
    return withRange(
        name,
        cidr,
        ",'deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['%s']"
            .formatted("networking.k8s.io/service-cidr-finalizer"));
  }

  AddressedState with(ObjectKey key, String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return with(key, Json.read(bytes, ObjectNode.class));
  }

  private AddressedState with(ObjectKey key, ObjectNode object) {
    state = state.plus(codec.encode(key, key.text(), object).at(state.revision() + 1));
    return this;
  }

  AddressedState after(ProposedChange change) {
    switch (change) {
      case ProposedChange.Create create -> with(create.key(), create.object());
      case ProposedChange.Update update -> with(update.key(), update.object());
      case ProposedChange.Delete delete ->
          state = state.minus(delete.key().resource(), delete.key().text(), state.revision() + 1);
    }
    return this;
  }
}
