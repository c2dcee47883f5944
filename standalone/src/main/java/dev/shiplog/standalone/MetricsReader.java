package dev.shiplog.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.topics.record.Json;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Reads paths of the API server as the autoscaler, on threads that may wait. Any thread. */
public final class MetricsReader implements AutoCloseable {

  static final String NAME = "horizontal-pod-autoscaler";
  static final String USER = "system:serviceaccount:kube-system:" + NAME;
  static final String GROUP = "system:serviceaccounts";

  private final KubernetesClient client;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  MetricsReader(UpOptions options, Identities identities) {
    this(
        new ApiAddress(options.server(), identities.pki().authorityCertificate())
            .client(identities.autoscalerToken()));
  }

  /** Reads with a client, and closes it in the end. */
  public MetricsReader(KubernetesClient client) {
    this.client = client;
  }

  /** What a path answers with; bounded by the client's time-out. */
  public CompletableFuture<JsonNode> read(String path) {
    return CompletableFuture.supplyAsync(() -> parse(client.raw(path, "GET", null)), threads);
  }

  private static JsonNode parse(String document) {
    try {
      return Json.MAPPER.readTree(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
  }
}
