package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.flow.DefaultFlows;
import dev.shiplog.topics.record.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The objects that every cluster has: namespaces, priority classes of the system, the default
 * storage class, the Service through which pods reach this server, and what nodes have to know.
 * They are created like any other, by the server itself; those that exist are left as they are,
 * except that where names are served, and what nodes have to know, is kept up to date.
 */
final class DefaultObjects {

  private static final List<String> NAMESPACES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");
  private static final int HTTPS = 443;
  private static final int DNS = 53;

  private final OwnWrites writes;

  DefaultObjects(OwnWrites writes) {
    this.writes = writes;
  }

  /**
   * Where pods reach this server.
   *
   * @param serviceAddress of the Service kubernetes
   * @param address at which the server listens; empty if pods cannot reach it
   * @param dnsServiceAddress of the Service kube-dns
   * @param dnsAddress at which names are served; empty if they are not
   */
  record Reach(
      String serviceAddress,
      Optional<String> address,
      int port,
      String dnsServiceAddress,
      Optional<String> dnsAddress) {}

  /** Creates what is missing; fails with the first that could not be created. */
  CompletableFuture<Void> ensure(Reach reach, Optional<ObjectNode> clusterInfo) {
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (ObjectNode object : objects(reach)) {
      done = done.thenCompose(before -> writes.create(object));
    }
    for (ObjectNode object : places(reach)) {
      done = done.thenCompose(before -> writes.put(object));
    }
    // Its signatures are not this server's to take away.
    return clusterInfo.isEmpty()
        ? done
        : done.thenCompose(before -> writes.apply(clusterInfo.get()));
  }

  private static List<ObjectNode> objects(Reach reach) {
    List<ObjectNode> objects = new ArrayList<>();
    NAMESPACES.forEach(name -> objects.add(object("v1", "Namespace", "", name)));
    objects.add(priority("system-node-critical", 2_000_001_000));
    objects.add(priority("system-cluster-critical", 2_000_000_000));
    objects.add(localPath());
    objects.addAll(DefaultFlows.objects());
    objects.add(service(reach));
    reach.dnsAddress().ifPresent(there -> objects.add(dnsService(reach.dnsServiceAddress())));
    return objects;
  }

  private static List<ObjectNode> places(Reach reach) {
    List<ObjectNode> places = new ArrayList<>();
    reach.dnsAddress().ifPresent(address -> places.add(dnsSlice(address)));
    return places;
  }

  private static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("apiVersion", apiVersion).put("kind", kind);
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return object;
  }

  private static ObjectNode priority(String name, int value) {
    ObjectNode object = object("scheduling.k8s.io/v1", "PriorityClass", "", name);
    return object
        .put("value", value)
        .put("description", "For critical pods that must not be moved from their node or cluster.");
  }

  /** Directories of nodes, for claims that name no class; its volumes are placed with a pod. */
  private static ObjectNode localPath() {
    ObjectNode object = object("storage.k8s.io/v1", "StorageClass", "", "local-path");
    ((ObjectNode) object.get("metadata"))
        .putObject("annotations")
        .put("storageclass.kubernetes.io/is-default-class", "true");
    return object
        .put("provisioner", "local-path.shiplog.dev")
        .put("reclaimPolicy", "Delete")
        .put("volumeBindingMode", "Immediate");
  }

  private static ObjectNode service(Reach reach) {
    ObjectNode object = object("v1", "Service", "default", "kubernetes");
    label(object);
    ObjectNode spec = object.putObject("spec").put("clusterIP", reach.serviceAddress());
    spec.putArray("ports")
        .addObject()
        .put("name", "https")
        .put("protocol", "TCP")
        .put("port", HTTPS)
        .put("targetPort", reach.port());
    return object;
  }

  private static ObjectNode slice(String namespace, String service, String address) {
    ObjectNode object = object("discovery.k8s.io/v1", "EndpointSlice", namespace, service);
    object.withObject("/metadata/labels").put("kubernetes.io/service-name", service);
    object.put("addressType", "IPv4");
    ObjectNode endpoint = object.putArray("endpoints").addObject();
    endpoint.putArray("addresses").add(address);
    endpoint.putObject("conditions").put("ready", true);
    return object;
  }

  private static ObjectNode port(ObjectNode object, String name, String protocol, int number) {
    return object
        .withArray("/ports")
        .addObject()
        .put("name", name)
        .put("protocol", protocol)
        .put("port", number);
  }

  private static ObjectNode dnsService(String address) {
    ObjectNode object = object("v1", "Service", "kube-system", "kube-dns");
    object
        .withObject("/metadata/labels")
        .put("k8s-app", "kube-dns")
        .put("kubernetes.io/cluster-service", "true");
    ObjectNode spec = object.putObject("spec").put("clusterIP", address);
    port(spec, "dns", "UDP", DNS).put("targetPort", DNS);
    port(spec, "dns-tcp", "TCP", DNS).put("targetPort", DNS);
    return object;
  }

  private static ObjectNode dnsSlice(String address) {
    ObjectNode object = slice("kube-system", "kube-dns", address);
    port(object, "dns", "UDP", DNS);
    port(object, "dns-tcp", "TCP", DNS);
    return object;
  }

  private static ObjectNode label(ObjectNode object) {
    return ((ObjectNode) object.get("metadata"))
        .putObject("labels")
        .put("component", "apiserver")
        .put("provider", "kubernetes");
  }
}
