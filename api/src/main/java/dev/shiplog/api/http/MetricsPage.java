package dev.shiplog.api.http;

import dev.shiplog.topics.metrics.ProcessMetrics;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * {@code /metrics}: what this process counts, for Prometheus. It is written on a worker, since that
 * takes longer than a request may hold up an event loop.
 */
final class MetricsPage {

  private static final int USUAL_BYTES = 256 << 10;

  private final Executor workers;
  private final Responder responder;

  MetricsPage(Executor workers, Responder responder) {
    this.workers = workers;
    this.responder = responder;
  }

  /** Answers a request that may be made. */
  void handle(Exchange exchange) {
    String accept = exchange.request().getHeader("Accept");
    var _ =
        CompletableFuture.supplyAsync(() -> Page.write(accept), workers)
            .whenComplete((page, thrown) ->
                exchange.run(() -> {
                  if (thrown == null) {
                    exchange.send(200, page.mediaType(), page.text());
                  } else {
                    responder.fail(exchange, thrown);
                  }
                }));
  }

  private record Page(String mediaType, Buffer text) {
    static Page write(String accept) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
      try {
        String mediaType = ProcessMetrics.here().write(accept, out);
        return new Page(mediaType, Buffer.buffer(out.toByteArray()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
