package dev.shiplog.api.http;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * What an HTTP/2 connection may carry: as long a path and as many headers as HTTP/1.1 has, and on
 * each connection room for what all its streams may send before they are read. So bodies that wait
 * for their turn never keep those from going on whose turn it is.
 */
@ApplicationScoped
public class Http2Bounds implements HttpServerOptionsCustomizer {

  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    bound(options);
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    bound(options);
  }

  /** The path is one of the headers here. */
  private static void bound(HttpServerOptions options) {
    var settings = options.getInitialSettings();
    settings.setMaxHeaderListSize(
        (long) options.getMaxInitialLineLength() + options.getMaxHeaderSize());
    long window = settings.getMaxConcurrentStreams() * settings.getInitialWindowSize();
    options.setHttp2ConnectionWindowSize((int) Math.min(window, Integer.MAX_VALUE));
  }
}
