package dev.shiplog.api.addresses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.decoding.Times;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.record.Json;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides what is to become of ServiceCIDRs, by the rules of Kubernetes: the cluster's own one is
 * always there; each is ready, and is not deleted while Services have addresses that are in no
 * other. An address that was given is in the state that is asked, and none is given of a range
 * whose deletion is: so nobody has to wait here until others have heard of it. Pure; any thread.
 */
final class RangeKeeper {

  private static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";
  private static final TypeDefinition TYPE =
      TypeCatalogue.builtIn().get("io.k8s.api.networking.v1.ServiceCIDR");

  private RangeKeeper() {}

  /**
   * The next change; the one after it is decided in the state that it makes, since of two equal
   * ranges that are being deleted only one may go.
   *
   * @param configured the cluster's own range
   */
  static Optional<ProposedChange> next(Snapshot state, AddressRange configured, Instant now) {
    if (state.get(ServiceCidr.DEFAULT).isEmpty()) {
      return Optional.of(
          new ProposedChange.Create(ServiceCidr.DEFAULT, ready(made(configured, now), now)));
    }
    Iterator<StoredObject> all = state.list(ServiceCidr.RESOURCE, "", "");
    Optional<ProposedChange> change = Optional.empty();
    while (all.hasNext() && change.isEmpty()) {
      change = change(state, all.next(), now);
    }
    return change;
  }

  private static Optional<ProposedChange> change(Snapshot state, StoredObject stored, Instant now) {
    ServiceCidr cidr = ServiceCidr.of(stored);
    if (cidr.ending() && !isNeeded(state, cidr)) {
      return release(stored);
    }
    ObjectNode object = cidr.ending() ? kept(stored.tree(), now) : ready(stored.tree(), now);
    return object.equals(stored.tree())
        ? Optional.empty()
        : Optional.of(new ProposedChange.Update(stored.key(), stored.revision(), object));
  }

  /** Whether there is an address in use that no other range has. */
  private static boolean isNeeded(Snapshot state, ServiceCidr cidr) {
    List<ServiceCidr> others =
        ServiceCidr.all(state).stream().filter(it -> !it.name().equals(cidr.name())).toList();
    Iterator<StoredObject> addresses = state.list(IpAddresses.RESOURCE, "", "");
    while (addresses.hasNext()) {
      StoredObject object = addresses.next();
      String address = object.key().name();
      if (IpAddresses.isManaged(object)
          && cidr.contains(address)
          && others.stream().noneMatch(other -> other.contains(address))) {
        return true;
      }
    }
    return false;
  }

  private static Optional<ProposedChange> release(StoredObject stored) {
    ObjectNode object = stored.tree();
    List<String> finalizers = Trees.texts(object, "metadata", "finalizers");
    List<String> left = finalizers.stream().filter(it -> !it.equals(FINALIZER)).toList();
    if (left.isEmpty()) {
      return Optional.of(new ProposedChange.Delete(stored.key(), stored.revision()));
    }
    if (left.equals(finalizers)) {
      return Optional.empty();
    }
    left.forEach(object.withObject("/metadata").putArray("finalizers")::add);
    return Optional.of(new ProposedChange.Update(stored.key(), stored.revision(), object));
  }

  private static ObjectNode made(AddressRange range, Instant now) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("apiVersion", "networking.k8s.io/v1").put("kind", "ServiceCIDR");
    object
        .putObject("metadata")
        .put("name", ServiceCidr.DEFAULT.name())
        .put("uid", UUID.randomUUID().toString())
        .put("generation", 1)
        .put("creationTimestamp", Times.seconds(now));
    object.putObject("spec").putArray("cidrs").add(range.cidr());
    return object;
  }

  private static ObjectNode ready(ObjectNode object, Instant now) {
    if (!Trees.texts(object, "metadata", "finalizers").contains(FINALIZER)) {
      Trees.list(Trees.child(object, "metadata"), "finalizers").add(FINALIZER);
    }
    return told(object, now, "True", "", "Kubernetes Service CIDR is ready");
  }

  private static ObjectNode kept(ObjectNode object, Instant now) {
    return told(
        object,
        now,
        "False",
        "Terminating",
        "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a"
            + " new ServiceCIDR");
  }

  private static ObjectNode told(
      ObjectNode object, Instant now, String status, String reason, String message) {
    ObjectNode condition = condition(object);
    if (!Trees.text(condition, "status").equals(status)) {
      condition
          .put("status", status)
          .put("lastTransitionTime", Times.seconds(now))
          .put("reason", reason)
          .put("message", message);
    }
    CanonicalForm.apply(TYPE, object);
    return object;
  }

  private static ObjectNode condition(ObjectNode object) {
    ArrayNode conditions = Trees.list(Trees.child(object, "status"), "conditions");
    return Trees.objects(object, "status", "conditions").stream()
        .filter(each -> Trees.text(each, "type").equals(ServiceCidr.READY))
        .findFirst()
        .orElseGet(() -> conditions.addObject().put("type", ServiceCidr.READY));
  }
}
