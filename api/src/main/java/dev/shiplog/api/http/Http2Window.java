package dev.shiplog.api.http;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Room on each HTTP/2 connection for what all its streams may send before they are read: so bodies
 * that wait for their turn never keep those from going on whose turn it is.
 */
@ApplicationScoped
public class Http2Window implements HttpServerOptionsCustomizer {

  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    widen(options);
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    widen(options);
  }

  private static void widen(HttpServerOptions options) {
    long streams = options.getInitialSettings().getMaxConcurrentStreams();
    long each = options.getInitialSettings().getInitialWindowSize();
    options.setHttp2ConnectionWindowSize((int) Math.min(streams * each, Integer.MAX_VALUE));
  }
}
