package dev.shiplog.api.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.Snapshot;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * A server to call, over TLS.
 *
 * @param host the name its certificate must be for
 * @param address where to connect: a name or an IP address
 * @param port where to connect
 * @param path of the URL, with its query; never empty
 */
public record Remote(String host, String address, int port, String path, Trust trust) {

  private static final int HTTPS = 443;
  private static final String ROOT = "/";

  public Remote {
    if (!path.startsWith(ROOT)) {
      path = ROOT.concat(path);
    }
  }

  /**
   * As the {@code clientConfig} of a webhook says it.
   *
   * @throws dev.shiplog.api.status.ApiFailure if it cannot be reached, or is none
   */
  public static Remote of(JsonNode clientConfig, Snapshot state) {
    Trust trust = Trust.of(clientConfig.path("caBundle"));
    if (clientConfig.hasNonNull("url")) {
      return ofUrl(clientConfig.path("url").asText(), trust);
    }
    JsonNode service = clientConfig.path("service");
    return of(
        service.path("namespace").asText(""),
        service.path("name").asText(""),
        service.path("port").asInt(HTTPS),
        service.path("path").asText(""),
        trust,
        state);
  }

  /** A server behind a Service. */
  public static Remote of(
      String namespace, String name, int port, String path, Trust trust, Snapshot state) {
    ServiceAddress address = ServiceAddress.find(state, namespace, name, Integer.toString(port));
    return new Remote(name + "." + namespace + ".svc", address.host(), address.port(), path, trust);
  }

  /**
   * A server by its URL.
   *
   * @throws dev.shiplog.api.status.ApiFailure if it is none
   */
  public static Remote ofUrl(String url, Trust trust) {
    try {
      URI uri = new URI(url);
      int port = uri.getPort() < 0 ? HTTPS : uri.getPort();
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      return new Remote(uri.getHost(), uri.getHost(), port, uri.getRawPath() + query, trust);
    } catch (URISyntaxException e) {
      throw Failures.internal("no URL: " + url);
    }
  }
}
