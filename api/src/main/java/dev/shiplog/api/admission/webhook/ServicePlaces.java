package dev.shiplog.api.admission.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.webhook.WebhookAddress.ServiceName;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Snapshot.Indexes;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where a Service's port is reached: at one of its ready endpoints, so that no proxy is needed
 * beside the API server; or by name, where it stands for one outside.
 */
final class ServicePlaces {

  private static final StorageResource SERVICES = StorageResource.of("services", "");
  private static final StorageResource SLICES =
      StorageResource.of("endpointslices", "discovery.k8s.io");
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  private ServicePlaces() {}

  static SocketAddress find(ServiceName service, Snapshot state) throws IOException {
    ObjectNode found =
        state
            .get(new ObjectKey(SERVICES, service.namespace(), service.name()))
            .orElseThrow(() -> new IOException("service \"" + service.name() + "\" not found"))
            .tree();
    if (Trees.text(found, "spec", "type").equals("ExternalName")) {
      return SocketAddress.inetSocketAddress(
          service.port(), Trees.text(found, "spec", "externalName"));
    }
    String portName = portName(service, found);
    List<SocketAddress> ready = new ArrayList<>();
    for (StoredObject slice :
        state.byIndex(SLICES, Indexes.LABEL, SERVICE_LABEL + "=" + service.name())) {
      if (slice.key().namespace().equals(service.namespace())) {
        add(ready, slice.tree(), portName);
      }
    }
    if (ready.isEmpty()) {
      throw new IOException("no endpoints available for service \"" + service.name() + "\"");
    }
    return ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
  }

  private static String portName(ServiceName service, ObjectNode found) throws IOException {
    for (ObjectNode port : Trees.objects(found, "spec", "ports")) {
      if (port.path("port").asInt() == service.port()) {
        return Trees.text(port, "name");
      }
    }
    throw new IOException(
        "service \"%s\" has no port %d".formatted(service.name(), service.port()));
  }

  private static void add(List<SocketAddress> ready, ObjectNode slice, String portName) {
    for (ObjectNode port : Trees.objects(slice, "ports")) {
      if (Trees.text(port, "name").equals(portName)) {
        for (ObjectNode endpoint : Trees.objects(slice, "endpoints")) {
          JsonNode isReady = Trees.at(endpoint, "conditions", "ready");
          if (isReady.asBoolean(true)) {
            Trees.texts(endpoint, "addresses")
                .forEach(address ->
                    ready.add(SocketAddress.inetSocketAddress(port.path("port").asInt(), address)));
          }
        }
      }
    }
  }
}
