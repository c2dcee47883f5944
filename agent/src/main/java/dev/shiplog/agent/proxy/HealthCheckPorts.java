package dev.shiplog.agent.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.shiplog.topics.record.Json;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * The health check node ports of services whose traffic from outside stays on the node: load
 * balancers ask there which nodes to send it to. Each answers 200 while the node has an endpoint
 * that is ready, and 503 else.
 *
 * <p>Servers belong to the thread that tells of views; the counts are read by any.
 */
final class HealthCheckPorts implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(HealthCheckPorts.class);
  private static final String SERVICE_OF_SLICE = "kubernetes.io/service-name";

  private final String node;
  private final Map<Integer, HttpServer> servers = new HashMap<>();
  private final Map<Integer, Health> healths = new ConcurrentHashMap<>();

  HealthCheckPorts(String node) {
    this.node = node;
  }

  /** How a service is on this node. */
  private record Health(String namespace, String name, long endpoints) {}

  /** Opens and closes ports as the services want it. */
  void follow(ServiceView view) {
    Map<Integer, Health> wanted = new TreeMap<>();
    for (Service service : view.services().values()) {
      Integer port = service.getSpec() == null ? null : service.getSpec().getHealthCheckNodePort();
      if (port != null && port > 0 && isLocal(service)) {
        wanted.put(port, health(service, view));
      }
    }
    healths.putAll(wanted);
    healths.keySet().retainAll(wanted.keySet());
    servers
        .entrySet()
        .removeIf(each -> {
          boolean gone = !wanted.containsKey(each.getKey());
          if (gone) {
            each.getValue().stop(0);
          }
          return gone;
        });
    wanted.keySet().stream().filter(port -> !servers.containsKey(port)).forEach(this::open);
  }

  private static boolean isLocal(Service service) {
    return "LoadBalancer".equals(service.getSpec().getType())
        && "Local".equals(service.getSpec().getExternalTrafficPolicy());
  }

  private Health health(Service service, ServiceView view) {
    String namespace = service.getMetadata().getNamespace();
    String name = service.getMetadata().getName();
    // '0' is the character behind '/'.
    long endpoints =
        view.slices().subMap(namespace + "/", namespace + "0").values().stream()
            .filter(slice -> name.equals(serviceOf(slice)))
            .flatMap(slice -> slice.getEndpoints().stream())
            .filter(each -> node.equals(each.getNodeName()))
            .filter(each ->
                each.getConditions() == null
                    || !Boolean.FALSE.equals(each.getConditions().getReady()))
            .flatMap(each -> each.getAddresses().stream().limit(1))
            .distinct()
            .count();
    return new Health(namespace, name, endpoints);
  }

  private static String serviceOf(EndpointSlice slice) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    return labels == null ? null : labels.get(SERVICE_OF_SLICE);
  }

  private void open(int port) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", exchange -> answer(exchange, port));
      server.start();
      servers.put(port, server);
    } catch (IOException e) {
      LOG.warnf("health check node port %d cannot be opened: %s", port, e.getMessage());
    }
  }

  private void answer(HttpExchange exchange, int port) throws IOException {
    Health health = healths.get(port);
    long endpoints = health == null ? 0 : health.endpoints();
    var text = Json.MAPPER.createObjectNode();
    if (health != null) {
      text.putObject("service").put("namespace", health.namespace()).put("name", health.name());
    }
    text.put("localEndpoints", endpoints).put("serviceProxyHealthy", true);
    byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(endpoints > 0 ? 200 : 503, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    servers.values().forEach(server -> server.stop(0));
    servers.clear();
  }
}
