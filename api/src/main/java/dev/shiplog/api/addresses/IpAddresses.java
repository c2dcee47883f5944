package dev.shiplog.api.addresses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.decoding.Times;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** IPAddresses as Kubernetes makes them: named as the address, for the Service that has it. */
final class IpAddresses {

  static final StorageResource RESOURCE = StorageResource.of("ipaddresses", "networking.k8s.io");

  /** Index of Services by their address, and of IPAddresses by {@link #holders their Service}. */
  static final String INDEX = "service-cluster-ip";

  private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
  private static final String MANAGER = "ipallocator.k8s.io";
  private static final Map<String, String> LABELS =
      Map.of("ipaddress.kubernetes.io/ip-family", "IPv4", MANAGED_BY, MANAGER);
  private static final TypeDefinition TYPE =
      TypeCatalogue.builtIn().get("io.k8s.api.networking.v1.IPAddress");

  private IpAddresses() {}

  static ObjectKey key(String address) {
    return new ObjectKey(RESOURCE, "", address);
  }

  /**
   * The Service that an IPAddress says it is for, as text of its key; none if it is for another
   * kind.
   */
  static List<String> holders(ObjectNode object) {
    boolean service =
        Trees.empty(object, "spec", "parentRef", "group")
            && Trees.text(object, "spec", "parentRef", "resource").equals("services");
    return service
        ? List.of(
            Trees.text(object, "spec", "parentRef", "namespace")
                + "/"
                + Trees.text(object, "spec", "parentRef", "name"))
        : List.of();
  }

  /** Whether there is one that says that this Service has the address. */
  static boolean isHeld(Snapshot state, String address, ObjectKey service) {
    return state.byIndex(RESOURCE, INDEX, service.text()).stream()
        .anyMatch(held -> held.key().name().equals(address));
  }

  /** Whether it is one of those that are made for Services. */
  static boolean isManaged(StoredObject object) {
    return MANAGER.equals(object.labels().get(MANAGED_BY));
  }

  static boolean isLabelled(StoredObject object) {
    return object.labels().entrySet().containsAll(LABELS.entrySet());
  }

  /**
   * The object that says that a Service has an address.
   *
   * @param stored what says something else of it, if there is such
   */
  static ObjectNode of(
      Optional<StoredObject> stored, String address, ObjectKey service, Instant now) {
    ObjectNode object = stored.map(StoredObject::tree).orElseGet(() -> made(address, now));
    ObjectNode labels = object.withObject("/metadata/labels");
    LABELS.forEach(labels::put);
    object
        .putObject("spec")
        .putObject("parentRef")
        .put("resource", service.resource().plural())
        .put("namespace", service.namespace())
        .put("name", service.name());
    CanonicalForm.apply(TYPE, object);
    return object;
  }

  private static ObjectNode made(String address, Instant now) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("apiVersion", "networking.k8s.io/v1").put("kind", "IPAddress");
    object
        .putObject("metadata")
        .put("name", address)
        .put("uid", UUID.randomUUID().toString())
        .put("creationTimestamp", Times.seconds(now));
    return object;
  }
}
