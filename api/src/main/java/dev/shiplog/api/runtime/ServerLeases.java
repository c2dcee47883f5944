package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.runtime.KubernetesService.Place;
import dev.shiplog.topics.record.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The leases by which API servers say that they live, as Kubernetes has them. A lease counts as
 * renewed when this server sees that it changed, by its own clock: nobody's clock of the day
 * matters. One thread.
 */
final class ServerLeases {

  /** A lease that does not change for so long is that of a server that is gone. */
  static final Duration LIFETIME = Duration.ofSeconds(30);

  static final String NAMESPACE = "kube-system";
  private static final String LABEL = "apiserver.kubernetes.io/identity";
  private static final String IDENTITY = "kube-apiserver";
  private static final String ADDRESS = "shiplog.dev/address";

  private final Map<String, Seen> seen = new HashMap<>();

  private record Seen(String renewed, long atNanos) {}

  /** The lease of a server, renewed now. */
  static ObjectNode lease(String serverId, Optional<Place> place, Instant now) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", name(serverId)).put("namespace", NAMESPACE);
    metadata.putObject("labels").put(LABEL, IDENTITY);
    place.ifPresent(there -> metadata.putObject("annotations").put(ADDRESS, there.toString()));
    object
        .putObject("spec")
        .put("holderIdentity", serverId)
        .put("leaseDurationSeconds", LIFETIME.toSeconds())
        .put("renewTime", now.truncatedTo(ChronoUnit.MICROS).toString());
    return object;
  }

  /** Looks at all leases there are; those of others than API servers are passed over. */
  void look(List<ObjectNode> leases, long nowNanos) {
    Map<String, Seen> now = new HashMap<>();
    for (ObjectNode lease : leases) {
      if (isOurs(lease)) {
        String renewed = lease.at("/spec/renewTime").asText();
        Seen before = seen.get(nameOf(lease));
        boolean same = before != null && before.renewed().equals(renewed);
        now.put(nameOf(lease), same ? before : new Seen(renewed, nowNanos));
      }
    }
    seen.clear();
    seen.putAll(now);
  }

  /** Where the servers are reached that live, as far as was seen. */
  List<Place> live(List<ObjectNode> leases, long nowNanos) {
    List<Place> places = new ArrayList<>();
    for (ObjectNode lease : leases) {
      JsonNode address = lease.path("metadata").path("annotations").path(ADDRESS);
      if (isOurs(lease) && !isOver(lease, nowNanos) && !address.asText("").isEmpty()) {
        places.add(Place.parse(address.asText()));
      }
    }
    return places;
  }

  /** Leases of servers that are gone. */
  List<ObjectNode> over(List<ObjectNode> leases, long nowNanos) {
    return leases.stream().filter(lease -> isOurs(lease) && isOver(lease, nowNanos)).toList();
  }

  private boolean isOver(ObjectNode lease, long nowNanos) {
    Seen last = seen.get(nameOf(lease));
    return last != null && nowNanos - last.atNanos() >= LIFETIME.toNanos();
  }

  private static boolean isOurs(ObjectNode lease) {
    return lease.path("metadata").path("labels").path(LABEL).asText("").equals(IDENTITY);
  }

  private static String nameOf(ObjectNode lease) {
    return lease.at("/metadata/name").asText();
  }

  /** Server ids are addresses; names of objects have no colons or brackets. */
  private static String name(String serverId) {
    return "apiserver-" + serverId.replaceAll("[^a-z0-9.-]+", "-").replaceAll("^-|-$", "");
  }
}
