package dev.shiplog.api.access.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.remote.RemoteClients;
import dev.shiplog.api.remote.Webhooks;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A way to the server that a kubeconfig names, with connections of its own. Any thread. */
public final class WebhookConnection implements AutoCloseable {

  private final WebhookKubeconfig server;
  private final RemoteClients clients;
  private final Webhooks webhooks;

  private WebhookConnection(WebhookKubeconfig server, Vertx vertx) {
    this.server = server;
    clients = new RemoteClients(vertx, server.identity());
    webhooks = new Webhooks(clients);
  }

  /**
   * Reads the kubeconfig; connections are made when they are needed.
   *
   * @throws IOException if it cannot be read or is none
   */
  public static WebhookConnection read(Path kubeconfig, Vertx vertx) throws IOException {
    return new WebhookConnection(WebhookKubeconfig.read(kubeconfig), vertx);
  }

  CompletableFuture<JsonNode> ask(ObjectNode review, Duration atMost) {
    Map<String, String> headers =
        server.token().isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + server.token());
    return webhooks.call(server.remote(), review, headers, atMost);
  }

  @Override
  public void close() {
    clients.close();
  }

  @Override
  public String toString() {
    return server.toString();
  }
}
