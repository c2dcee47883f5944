package dev.shiplog.api.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.status.Failures;
import dev.shiplog.topics.record.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Calls that wait for an answer in JSON: to webhooks, where a review goes and comes back answered,
 * and to extension servers. Any thread.
 */
public final class Webhooks {

  /** An answer may hold a list of objects; a longer one is refused. */
  private static final int LONGEST = 64 << 20;

  private final RemoteClients clients;

  public Webhooks(RemoteClients clients) {
    this.clients = clients;
  }

  /**
   * Sends a review.
   *
   * @param atMost how long the whole call may take
   * @return what the webhook answers; fails with why it could not be had
   */
  public CompletableFuture<JsonNode> call(Remote webhook, ObjectNode review, Duration atMost) {
    return call(webhook, review, Map.of(), atMost);
  }

  /** The same with further headers. */
  public CompletableFuture<JsonNode> call(
      Remote webhook, ObjectNode review, Map<String, String> headers, Duration atMost) {
    Buffer sent = Buffer.buffer(Json.bytes(review));
    Map<String, List<String>> all = new HashMap<>();
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return read(call(webhook, HttpMethod.POST, webhook.path(), sent, all, atMost));
  }

  /** Sends bytes of JSON, and returns those of the answer. */
  public CompletableFuture<byte[]> post(Remote remote, byte[] sent, Duration atMost) {
    return call(remote, HttpMethod.POST, remote.path(), Buffer.buffer(sent), Map.of(), atMost)
        .map(Buffer::getBytes)
        .toCompletionStage()
        .toCompletableFuture();
  }

  /** Reads a document. */
  public CompletableFuture<JsonNode> get(Remote remote, String path, Duration atMost) {
    return read(call(remote, HttpMethod.GET, path, Buffer.buffer(), Map.of(), atMost));
  }

  /**
   * Asks for something without a body.
   *
   * @param headers each with all of its values
   */
  public CompletableFuture<JsonNode> ask(
      Remote remote,
      HttpMethod method,
      String path,
      Map<String, List<String>> headers,
      Duration atMost) {
    return read(call(remote, method, path, Buffer.buffer(), headers, atMost));
  }

  private static CompletableFuture<JsonNode> read(Future<Buffer> answer) {
    return answer
        .map(bytes -> Json.read(bytes.getBytes(), JsonNode.class))
        .toCompletionStage()
        .toCompletableFuture();
  }

  private Future<Buffer> call(
      Remote remote,
      HttpMethod method,
      String path,
      Buffer sent,
      Map<String, List<String>> headers,
      Duration atMost) {
    return clients
        .request(remote, method, path)
        .compose(request -> {
          if (sent.length() > 0) {
            request.putHeader("Content-Type", "application/json");
          }
          request.putHeader("Accept", "application/json");
          headers.forEach(request::putHeader);
          return (sent.length() > 0 ? request.send(sent) : request.send())
              .compose(Webhooks::body)
              .timeout(atMost.toMillis(), TimeUnit.MILLISECONDS)
              .onFailure(_ -> request.reset());
        })
        .timeout(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    Buffer body = Buffer.buffer();
    response.handler(piece -> {
      if (body.length() + piece.length() > LONGEST) {
        response.request().reset();
      } else {
        body.appendBuffer(piece);
      }
    });
    return response
        .end()
        .compose(none ->
            response.statusCode() / 100 == 2
                ? Future.succeededFuture(body)
                : Future.failedFuture(
                    Failures.internal(
                        "it answered with status %d: %s"
                            .formatted(response.statusCode(), beginning(body)))));
  }

  private static String beginning(Buffer body) {
    return body.getString(0, Math.min(body.length(), 256)).strip();
  }
}
