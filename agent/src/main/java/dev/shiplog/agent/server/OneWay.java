package dev.shiplog.agent.server;

import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.util.concurrent.TimeUnit;

/**
 * Carries what one connection says to another, only as fast as that one takes it, and all of it:
 * what was said before the first one left arrives before the second one is told so.
 *
 * <p>Two things would cut the end off. A client's upgraded connection says that it closed as soon
 * as it has, even if bytes of it wait here for a reader that paused; they are passed on first, and
 * are few. And a system that closes a connection throws away what it has still to send once
 * something arrives for it; so the receiver is told that this was all, and is left when it leaves.
 *
 * <p>Belongs to the event loop of both connections.
 */
final class OneWay {

  /** A receiver that reads nothing for so long after the end is left. */
  private static final long LONGEST_FAREWELL_MS = TimeUnit.MINUTES.toMillis(1);

  private final NetSocket from;
  private final NetSocket to;
  private final Context loop = Vertx.currentContext();
  private boolean ended;

  private OneWay(NetSocket from, NetSocket to) {
    this.from = from;
    this.to = to;
  }

  /** Carries both ways, until either leaves. On their event loop; both are paused or new. */
  static void join(NetSocket one, NetSocket other) {
    new OneWay(one, other).start();
    new OneWay(other, one).start();
  }

  private void start() {
    // An end follows.
    from.exceptionHandler(broken -> {});
    from.handler(this::pass);
    from.endHandler(none -> sourceLeft());
    from.closeHandler(none -> sourceLeft());
    to.drainHandler(none -> from.resume());
    from.resume();
  }

  private void pass(Buffer bytes) {
    // If the receiver is gone, its own way has an end.
    var _ = to.write(bytes);
    if (!ended && to.writeQueueFull()) {
      from.pause();
    }
  }

  /** What waits is handed over on this loop as soon as reading goes on, so before the end. */
  private void sourceLeft() {
    if (!ended) {
      ended = true;
      from.resume();
      loop.runOnContext(none -> sayGoodbye());
    }
  }

  private void sayGoodbye() {
    // Nobody is left who would take what the receiver says.
    to.handler(unheard -> {});
    to.resume();
    if (to instanceof NetSocketInternal socket
        && socket.channelHandlerContext().channel() instanceof DuplexChannel channel) {
      var _ = to.write(Buffer.buffer()).onComplete(written -> shutDown(channel));
      long last = loop.owner().setTimer(LONGEST_FAREWELL_MS, late -> to.close());
      to.closeHandler(gone -> loop.owner().cancelTimer(last));
    } else {
      var _ = to.end();
    }
  }

  private static void shutDown(DuplexChannel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      var _ = channel.shutdownOutput();
    } else {
      tls.closeOutbound()
          .addListener(told -> {
            var _ = channel.shutdownOutput();
          });
    }
  }
}
