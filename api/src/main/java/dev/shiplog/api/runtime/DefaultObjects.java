package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.flow.DefaultFlows;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Body;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The objects that every cluster has: namespaces, priority classes of the system, and the Service
 * through which pods reach this server. They are created like any other, by the server itself;
 * those that exist are left as they are, except that where pods reach it is kept up to date.
 */
final class DefaultObjects {

  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");
  private static final List<String> NAMESPACES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");
  private static final int HTTPS = 443;
  private static final int DNS = 53;

  private final Verbs verbs;
  private final ResourceCatalogue catalogue;
  private final InstantSource clock;

  DefaultObjects(Verbs verbs, ResourceCatalogue catalogue, InstantSource clock) {
    this.verbs = verbs;
    this.catalogue = catalogue;
    this.clock = clock;
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
  CompletableFuture<Void> ensure(Reach reach) {
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (ObjectNode object : objects(reach)) {
      done = done.thenCompose(before -> create(object));
    }
    for (ObjectNode object : places(reach)) {
      done = done.thenCompose(before -> create(object)).thenCompose(before -> update(object));
    }
    return done;
  }

  private static List<ObjectNode> objects(Reach reach) {
    List<ObjectNode> objects = new ArrayList<>();
    NAMESPACES.forEach(name -> objects.add(object("v1", "Namespace", "", name)));
    objects.add(priority("system-node-critical", 2_000_001_000));
    objects.add(priority("system-cluster-critical", 2_000_000_000));
    objects.addAll(DefaultFlows.objects());
    objects.add(service(reach));
    reach.dnsAddress().ifPresent(there -> objects.add(dnsService(reach.dnsServiceAddress())));
    return objects;
  }

  private static List<ObjectNode> places(Reach reach) {
    List<ObjectNode> places = new ArrayList<>();
    reach.address().ifPresent(address -> places.add(endpoints(address, reach.port())));
    reach.address().ifPresent(address -> places.add(slice(address, reach.port())));
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

  private static ObjectNode endpoints(String address, int port) {
    ObjectNode object = object("v1", "Endpoints", "default", "kubernetes");
    label(object).put("endpointslice.kubernetes.io/skip-mirror", "true");
    ObjectNode subset = object.putArray("subsets").addObject();
    subset.putArray("addresses").addObject().put("ip", address);
    subset.putArray("ports").addObject().put("name", "https").put("port", port);
    return object;
  }

  private static ObjectNode slice(String address, int port) {
    ObjectNode object = slice("default", "kubernetes", address);
    port(object, "https", "TCP", port);
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

  /** Changes nothing where the object is so already. */
  private CompletableFuture<Void> update(ObjectNode object) {
    Target target = target(object).named(object.at("/metadata/name").asText());
    return verbs
        .handle(new ApiRequest.Update(target, caller(), body(object), WriteOptions.DEFAULT))
        .thenAccept(answer -> {});
  }

  private Target target(ObjectNode object) {
    var type =
        catalogue
            .findByKind(object.get("apiVersion").asText(), object.get("kind").asText())
            .orElseThrow();
    return new Target(type, "", object.at("/metadata/namespace").asText(""), "");
  }

  private static Body body(ObjectNode object) {
    return new Body(Json.bytes(object), Syntax.JSON);
  }

  private CompletableFuture<Void> create(ObjectNode object) {
    return verbs
        .handle(new ApiRequest.Create(target(object), caller(), body(object), WriteOptions.DEFAULT))
        .handle((made, thrown) -> {
          if (thrown != null && !isThere(thrown)) {
            throw new CompletionException(thrown);
          }
          return null;
        });
  }

  private Caller caller() {
    return new Caller(
        SELF,
        UUID.randomUUID().toString(),
        "",
        List.of(),
        "apiserver",
        clock.millis(),
        Optional.empty(),
        java.util.concurrent.ForkJoinPool.commonPool());
  }

  private static boolean isThere(Throwable thrown) {
    Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    return cause instanceof ApiFailure failure
        && (failure.reason() == Reason.ALREADY_EXISTS
            || (failure.reason() == Reason.INVALID
                && failure.getMessage().contains("already allocated")));
  }
}
