package dev.shiplog.api.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** A server that a user runs beside the cluster, over TLS, on a free port. */
record RemoteServer(Vertx vertx, HttpServer server) implements AutoCloseable {

  static RemoteServer answering(Handler<HttpServerRequest> handler) {
    Vertx vertx = Vertx.vertx();
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(TlsFiles.file("server.crt").toString())
                    .setKeyPath(TlsFiles.file("server.key").toString()));
    HttpServer server =
        vertx
            .createHttpServer(options)
            .requestHandler(handler)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
    return new RemoteServer(vertx, server);
  }

  int port() {
    return server.actualPort();
  }

  /** The authority that signed its certificate, as a {@code caBundle}. */
  static String authority() {
    try {
      return Base64.getEncoder().encodeToString(Files.readAllBytes(TlsFiles.file("ca.crt")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
