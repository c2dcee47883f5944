package dev.shiplog.api.http;

import dev.shiplog.api.flow.FlowControl;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Logs, and connections to pods, Services and nodes, that users have open. They hold no seats of
 * flow control, so their number has a bound of its own for each user. Any thread.
 */
final class Streams {

  private final PerUser open;

  Streams(int mostPerUser) {
    this.open = new PerUser(mostPerUser);
  }

  /**
   * Counts a stream until it ends.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code TooManyRequests}
   */
  void enter(Exchange exchange, String user) {
    if (!open.take(user, 1)) {
      throw FlowControl.tooMany(
          "user \"%s\" has %d streams open (logs, exec, attach, portforward, proxy), which is the most one may have"
              .formatted(user, open.most()));
    }
    AtomicBoolean left = new AtomicBoolean();
    Runnable leave =
        () -> {
          if (left.compareAndSet(false, true)) {
            open.give(user, 1);
          }
        };
    exchange.response().endHandler(ended -> leave.run());
    // What was upgraded has no end of an answer, but that of its connection.
    if (exchange.request().getHeader("Upgrade") != null
        && exchange.request().connection() instanceof ConnectionBase connection) {
      var _ = connection.channel().closeFuture().addListener(closed -> leave.run());
    }
  }
}
