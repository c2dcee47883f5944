package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Words where the Service {@code kubernetes} leads: to every API server that lives. */
final class KubernetesService {

  private static final String NAME = "kubernetes";

  private KubernetesService() {}

  /**
   * Where an API server is reached by pods.
   *
   * @param ip IPv4
   */
  record Place(String ip, int port) {
    @Override
    public String toString() {
      return ip + ":" + port;
    }

    /** Reads what {@link #toString} wrote. */
    static Place parse(String text) {
      int colon = text.lastIndexOf(':');
      return new Place(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
  }

  /** The Endpoints, and an EndpointSlice for each port that servers listen on. */
  static List<ObjectNode> leadingTo(Collection<Place> places) {
    SortedMap<Integer, SortedSet<String>> byPort = new TreeMap<>();
    places.forEach(
        place -> byPort.computeIfAbsent(place.port(), _ -> new TreeSet<>()).add(place.ip()));
    List<ObjectNode> objects = new ArrayList<>();
    objects.add(endpoints(byPort));
    byPort.forEach((port, ips) -> objects.add(slice(objects.size() - 1, port, ips)));
    return objects;
  }

  /** The slice that {@link #leadingTo} makes of the ports at this place, to be deleted. */
  static ObjectNode unused(int place) {
    return object("discovery.k8s.io/v1", "EndpointSlice", sliceName(place));
  }

  private static String sliceName(int place) {
    return place == 0 ? NAME : NAME + "-" + place;
  }

  private static ObjectNode endpoints(SortedMap<Integer, SortedSet<String>> byPort) {
    ObjectNode object = object("v1", "Endpoints", NAME);
    object
        .withObject("/metadata/labels")
        .put("component", "apiserver")
        .put("provider", "kubernetes")
        .put("endpointslice.kubernetes.io/skip-mirror", "true");
    ArrayNode subsets = object.putArray("subsets");
    byPort.forEach((port, ips) -> {
      ObjectNode subset = subsets.addObject();
      ArrayNode addresses = subset.putArray("addresses");
      ips.forEach(ip -> addresses.addObject().put("ip", ip));
      subset.putArray("ports").addObject().put("name", "https").put("port", port);
    });
    return object;
  }

  private static ObjectNode slice(int place, int port, SortedSet<String> ips) {
    ObjectNode object = object("discovery.k8s.io/v1", "EndpointSlice", sliceName(place));
    object.withObject("/metadata/labels").put("kubernetes.io/service-name", NAME);
    object.put("addressType", "IPv4");
    ArrayNode endpoints = object.putArray("endpoints");
    ips.forEach(ip -> {
      ObjectNode endpoint = endpoints.addObject();
      endpoint.putArray("addresses").add(ip);
      endpoint.putObject("conditions").put("ready", true);
    });
    object
        .putArray("ports")
        .addObject()
        .put("name", "https")
        .put("protocol", "TCP")
        .put("port", port);
    return object;
  }

  private static ObjectNode object(String apiVersion, String kind, String name) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata").put("name", name).put("namespace", "default");
    return object;
  }
}
