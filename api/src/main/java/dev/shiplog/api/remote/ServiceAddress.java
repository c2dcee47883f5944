package dev.shiplog.api.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One of the places where a Service is to be had. The API server goes to its endpoints directly:
 * the machine it runs on need not be a node.
 */
public record ServiceAddress(String host, int port) {

  private static final StorageResource SERVICES = StorageResource.of("services", "");
  private static final StorageResource SLICES =
      StorageResource.of("endpointslices", "discovery.k8s.io");
  private static final StorageResource ENDPOINTS = StorageResource.of("endpoints", "");

  /**
   * Picks one of a Service's ready endpoints.
   *
   * @param port number or name of the Service's port; may be empty if it has one only
   * @throws ApiFailure {@code ServiceUnavailable} if there is none
   */
  public static ServiceAddress find(Snapshot state, String namespace, String name, String port) {
    JsonNode service =
        state
            .get(new ObjectKey(SERVICES, namespace, name))
            .map(StoredObject::tree)
            .orElseThrow(() -> none("service \"%s\" not found".formatted(name)));
    JsonNode spec = service.path("spec");
    if (spec.path("type").asText().equals("ExternalName")) {
      return new ServiceAddress(spec.path("externalName").asText(), number(port));
    }
    String portName = portName(spec, name, port);
    List<ServiceAddress> ready = new ArrayList<>();
    fromSlices(state, namespace, name, portName, ready);
    if (ready.isEmpty()) {
      fromEndpoints(state, namespace, name, portName, ready);
    }
    if (ready.isEmpty()) {
      throw none("no endpoints available for service \"%s\"".formatted(name));
    }
    return ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
  }

  private static String portName(JsonNode spec, String service, String port) {
    JsonNode ports = spec.path("ports");
    for (JsonNode one : ports) {
      boolean only = port.isEmpty() && ports.size() == 1;
      if (only || one.path("port").asText().equals(port) || name(one).equals(port)) {
        return name(one);
      }
    }
    throw none("no service port \"%s\" found for service \"%s\"".formatted(port, service));
  }

  private static int number(String port) {
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException name) {
      throw none("a service without endpoints has no port named \"%s\"".formatted(port));
    }
  }

  private static void fromSlices(
      Snapshot state, String namespace, String name, String port, List<ServiceAddress> into) {
    String label = "kubernetes.io/service-name=" + name;
    for (StoredObject slice : state.byIndex(SLICES, Snapshot.Indexes.LABEL, label)) {
      if (slice.key().namespace().equals(namespace)) {
        JsonNode tree = slice.tree();
        int number = numberOf(tree.path("ports"), port);
        for (JsonNode endpoint : tree.path("endpoints")) {
          if (number > 0 && endpoint.at("/conditions/ready").asBoolean(true)) {
            into.add(new ServiceAddress(endpoint.at("/addresses/0").asText(), number));
          }
        }
      }
    }
  }

  private static void fromEndpoints(
      Snapshot state, String namespace, String name, String port, List<ServiceAddress> into) {
    state
        .get(new ObjectKey(ENDPOINTS, namespace, name))
        .ifPresent(endpoints -> {
          for (JsonNode subset : endpoints.tree().path("subsets")) {
            int number = numberOf(subset.path("ports"), port);
            for (JsonNode address : subset.path("addresses")) {
              if (number > 0) {
                into.add(new ServiceAddress(address.path("ip").asText(), number));
              }
            }
          }
        });
  }

  private static int numberOf(JsonNode ports, String name) {
    for (JsonNode port : ports) {
      if (name(port).equals(name)) {
        return port.path("port").asInt();
      }
    }
    return 0;
  }

  private static String name(JsonNode port) {
    return port.path("name").asText("");
  }

  private static ApiFailure none(String why) {
    return Failures.unavailable(why);
  }
}
