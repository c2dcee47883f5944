package dev.shiplog.agent.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Requests as they are, over a client's connections and with its identity, time-outs and
 * repetition: one each, of whose answer nothing is parsed but a refusal. The client's own patches
 * read the object before, and parse what comes back, which costs more than the rest.
 */
final class PlainRequests {

  static final String JSON = "application/json";
  static final String MERGE_PATCH = "application/merge-patch+json";
  static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";

  private final KubernetesClient client;

  PlainRequests(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @return the body of the answer
   * @throws RefusedRequestException if it is refused
   * @throws ClusterUnavailableException if it is not answered
   */
  byte[] send(String method, String path, String mediaType, String body) {
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(server() + path)
            .method(method, mediaType, body)
            .timeout(client.getConfiguration().getRequestTimeout(), TimeUnit.MILLISECONDS)
            .build();
    HttpResponse<byte[]> answer = await(client.getHttpClient().sendAsync(request, byte[].class));
    if (!answer.isSuccessful()) {
      throw new RefusedRequestException(answer.code(), status(answer));
    }
    return answer.body();
  }

  private String server() {
    String url = client.getMasterUrl().toString();
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterUnavailableException("interrupted", e);
    } catch (ExecutionException e) {
      throw new ClusterUnavailableException(e.getCause().toString(), e);
    }
  }

  private Status status(HttpResponse<byte[]> answer) {
    try {
      return client
          .getKubernetesSerialization()
          .unmarshal(new ByteArrayInputStream(answer.body()), Status.class);
    } catch (RuntimeException notOfKubernetes) {
      return new Status();
    }
  }

  /** The server answered, but not with what was asked for. */
  static final class RefusedRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final transient Status status;

    RefusedRequestException(int code, Status status) {
      super(status.getMessage() == null ? "the answer is " + code : status.getMessage());
      this.code = code;
      this.status = status;
    }

    int code() {
      return code;
    }

    Status status() {
      return status;
    }
  }
}
