package dev.shiplog.api.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The requests that are being answered, for a server that is about to stop. Any thread. */
final class UnderWay {

  private static final long LOOK_MS = 20;

  /** What lost its connection has no end of its own, and is cleared away when there are so many. */
  private static final int MANY = 4096;

  private final Set<HttpServerResponse> responses = ConcurrentHashMap.newKeySet();
  private volatile boolean leaving;

  /**
   * A request came; on its event loop.
   *
   * @param answered is run there with the last byte of the answer, if it gets so far
   */
  void begin(HttpServerRequest request, Runnable answered) {
    HttpServerResponse response = request.response();
    if (leaving) {
      lastOn(request);
    }
    // An exec or a port-forward may go on for hours.
    if (request.getHeader("Upgrade") == null) {
      responses.add(response);
      response.bodyEndHandler(end -> {
        responses.remove(response);
        answered.run();
      });
      if (responses.size() > MANY) {
        responses.removeIf(HttpServerResponse::closed);
      }
    }
  }

  /** Every answer from here on is the last one on its connection. */
  void leave() {
    leaving = true;
  }

  /** Waits until everything is answered; false if that takes too long. */
  boolean awaitNone(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    try {
      while (!isNone()) {
        if (System.nanoTime() - deadline > 0) {
          return false;
        }
        boolean _ = never.await(LOOK_MS, TimeUnit.MILLISECONDS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isNone() {
    responses.removeIf(response -> response.ended() || response.closed());
    return responses.isEmpty();
  }

  private static void lastOn(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.connection().shutdown();
    } else {
      request.response().putHeader("Connection", "close");
    }
  }
}
