package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.remote.Remote;
import dev.shiplog.api.remote.RemoteClients;
import dev.shiplog.api.remote.ServiceAddress;
import dev.shiplog.api.remote.Trust;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests to Services and pods by way of the API server. The name of one may say more than which
 * it is: {@code https:name:port}.
 */
final class ProxyEndpoint {

  private static final Set<String> RESOURCES = Set.of("services", "pods");
  private static final Pattern BEFORE_THE_PATH =
      Pattern.compile("^/api/v1/namespaces/[^/]+/(?:services|pods)/[^/]+/proxy");
  private static final Pattern NAME = Pattern.compile("(?:(https?):)?([^:]+)(?::([^:]*))?:?");
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private final Store store;
  private final RemoteClients clients;
  private final ReverseProxy proxy;

  ProxyEndpoint(Store store, RemoteClients clients, ReverseProxy proxy) {
    this.store = store;
    this.clients = clients;
    this.proxy = proxy;
  }

  static boolean serves(ResourceType type) {
    return type.group().isEmpty() && RESOURCES.contains(type.plural());
  }

  /** Hands a request on to what the target names. */
  void open(Exchange exchange, Target target) {
    Matcher name = NAME.matcher(target.name());
    if (!name.matches()) {
      throw Failures.badRequest("invalid name to proxy to: " + target.name());
    }
    boolean tls = "https".equals(name.group(1));
    String port = name.group(3) == null ? "" : name.group(3);
    Target named = target.named(name.group(2));
    Snapshot state = store.current();
    ServiceAddress address =
        target.type().plural().equals("services")
            ? service(named, port, state)
            : pod(named, port, tls, state);
    String uri = uri(exchange);
    Remote remote =
        new Remote(address.host(), address.host(), address.port(), uri, Trust.anything());
    proxy.pass(
        exchange,
        clients.request(remote, exchange.request().method(), remote.path(), tls),
        headers -> headers.set("X-Forwarded-Uri", exchange.request().uri()));
  }

  private static String uri(Exchange exchange) {
    return BEFORE_THE_PATH.matcher(exchange.request().uri()).replaceFirst("");
  }

  private static ServiceAddress service(Target target, String port, Snapshot state) {
    if (state.get(target.key()).isEmpty()) {
      throw target.notFound();
    }
    return ServiceAddress.find(state, target.namespace(), target.name(), port);
  }

  private static ServiceAddress pod(Target target, String port, boolean tls, Snapshot state) {
    JsonNode pod = state.get(target.key()).orElseThrow(target::notFound).tree();
    String ip = pod.path("status").path("podIP").asText("");
    if (ip.isEmpty()) {
      throw Failures.badRequest("pod " + target.name() + " has no address yet");
    }
    return new ServiceAddress(ip, port.isEmpty() ? usualPort(pod, tls) : number(port));
  }

  /** The first that one of its containers declares. */
  private static int usualPort(JsonNode pod, boolean tls) {
    for (JsonNode container : pod.path("spec").path("containers")) {
      JsonNode declared = container.path("ports").path(0).path("containerPort");
      if (declared.isInt()) {
        return declared.asInt();
      }
    }
    return tls ? HTTPS : HTTP;
  }

  private static int number(String port) {
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException name) {
      throw Failures.badRequest("the port of a pod is a number, not \"" + port + "\"");
    }
  }
}
