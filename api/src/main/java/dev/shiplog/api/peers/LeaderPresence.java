package dev.shiplog.api.peers;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Notices the end of the leader's process: a request is open there whose answer has no end. When it
 * breaks, and nobody listens at that address any more, the process is gone; a host or a network
 * that is gone says nothing, and is noticed by the leader's silence. A server that was never
 * reached says nothing either: it may be about to listen. Any thread.
 */
final class LeaderPresence implements AutoCloseable {

  private static final Duration AGAIN = Duration.ofMillis(500);

  private final Vertx vertx;
  private final HttpClient client;
  private volatile Watch current;

  LeaderPresence(Vertx vertx, HttpClient client) {
    this.vertx = vertx;
    this.client = client;
  }

  /**
   * Watches this one instead of the one before.
   *
   * @param address host and port; empty if it is reached by nobody
   * @param ended called once at most
   */
  void watch(String address, Runnable ended) {
    Watch before = current;
    current = new Watch(address, ended);
    if (before != null) {
      before.leave();
    }
    if (!address.isEmpty()) {
      current.ask();
    }
  }

  @Override
  public void close() {
    current = null;
    var _ = client.close();
  }

  /** One server that is watched. */
  private final class Watch {
    private final String address;
    private final Runnable ended;
    private volatile boolean reached;
    private volatile HttpClientResponse answer;

    Watch(String address, Runnable ended) {
      this.address = address;
      this.ended = ended;
    }

    void ask() {
      if (!isCurrent()) {
        return;
      }
      var _ =
          client
              .request(PeerClient.to(address, HttpMethod.GET, PeerEndpoint.PRESENCE_PATH))
              .compose(request -> request.send())
              .onSuccess(this::stay)
              .onFailure(this::notReached);
    }

    void leave() {
      HttpClientResponse open = answer;
      if (open != null) {
        var _ = open.request().reset();
      }
    }

    private boolean isCurrent() {
      return this.equals(current);
    }

    private void stay(HttpClientResponse response) {
      if (response.statusCode() != 200) {
        later();
        return;
      }
      reached = true;
      answer = response;
      AtomicBoolean over = new AtomicBoolean();
      Runnable askOnce =
          () -> {
            if (over.compareAndSet(false, true)) {
              ask();
            }
          };
      response.exceptionHandler(broken -> askOnce.run());
      response.endHandler(end -> askOnce.run());
      if (!isCurrent()) {
        leave();
      }
    }

    private void notReached(Throwable thrown) {
      if (reached && isCurrent() && isRefused(thrown)) {
        ended.run();
      } else {
        later();
      }
    }

    private void later() {
      if (isCurrent()) {
        long _ = vertx.setTimer(AGAIN.toMillis(), due -> ask());
      }
    }

    /** A connection that takes too long is a ConnectException, too. */
    private static boolean isRefused(Throwable thrown) {
      return thrown instanceof ConnectException
          && String.valueOf(thrown.getMessage()).contains("refused");
    }
  }
}
