package dev.shiplog.api.http;

import dev.shiplog.api.stream.RemoteCommand;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/** Tells the HTTP server which protocols over WebSocket are understood here. */
@ApplicationScoped
public class UpgradeProtocols implements HttpServerOptionsCustomizer {

  /** Port-forward: the bytes of a SPDY connection in WebSocket messages. */
  static final String SPDY_IN_WEB_SOCKET = "SPDY/3.1+portforward.k8s.io";

  /**
   * How long a client may take to read what was sent before the end; closing earlier would lose it.
   */
  private static final int LONGEST_FAREWELL_SECONDS = 60;

  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    add(options);
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    add(options);
  }

  private static void add(HttpServerOptions options) {
    options.addWebSocketSubProtocol(RemoteCommand.CLIENT_PROTOCOL);
    options.addWebSocketSubProtocol(SPDY_IN_WEB_SOCKET);
    options.setWebSocketClosingTimeout(LONGEST_FAREWELL_SECONDS);
  }
}
