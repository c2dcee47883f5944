package dev.shiplog.agent.server;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;

/**
 * An answer as a stream for a thread that may block: a write returns when the connection has taken
 * it, so a slow client holds back the writer and nothing piles up. One thread, not an event loop.
 */
final class ResponseStream extends OutputStream {

  private final HttpServerResponse response;

  ResponseStream(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > 0) {
      await(response.write(Buffer.buffer(length).setBytes(0, bytes, offset, length)));
    }
  }

  @Override
  public void close() throws IOException {
    await(response.end());
  }

  private static void await(Future<Void> written) throws IOException {
    try {
      written.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IOException("the client is gone", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server closes");
    }
  }
}
