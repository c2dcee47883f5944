package dev.shiplog.api.stream;

import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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
public final class OneWay {

  /** A receiver that reads nothing for so long after the end is left. */
  private static final long LONGEST_FAREWELL_MS = TimeUnit.MINUTES.toMillis(1);

  private final End from;
  private final End to;
  private final Context loop = Vertx.currentContext();
  private boolean ended;

  private OneWay(End from, End to) {
    this.from = from;
    this.to = to;
  }

  /** A connection, plain or of messages. */
  private record End(
      ReadStream<Buffer> in, WriteStream<Buffer> out, Consumer<Handler<Void>> onClose) {}

  /** Carries both ways, until either leaves. On their event loop; both are paused or new. */
  public static void join(NetSocket one, NetSocket other) {
    join(end(one), end(other));
  }

  /** As {@link #join(NetSocket, NetSocket)}, with the bytes in messages on one side. */
  public static void join(WebSocketBase one, NetSocket other) {
    join(new End(one, one, one::closeHandler), end(other));
  }

  private static void join(End one, End other) {
    new OneWay(one, other).start();
    new OneWay(other, one).start();
  }

  private static End end(NetSocket socket) {
    return new End(socket, socket, socket::closeHandler);
  }

  private void start() {
    // An end follows.
    from.in().exceptionHandler(broken -> {});
    from.in().handler(this::pass);
    from.in().endHandler(none -> sourceLeft());
    from.onClose().accept(none -> sourceLeft());
    to.out().drainHandler(none -> from.in().resume());
    from.in().resume();
  }

  private void pass(Buffer bytes) {
    // If the receiver is gone, its own way has an end.
    var _ = to.out().write(bytes);
    if (!ended && to.out().writeQueueFull()) {
      from.in().pause();
    }
  }

  /** What waits is handed over on this loop as soon as reading goes on, so before the end. */
  private void sourceLeft() {
    if (!ended) {
      ended = true;
      from.in().resume();
      loop.runOnContext(none -> sayGoodbye());
    }
  }

  private void sayGoodbye() {
    // Nobody is left who would take what the receiver says.
    to.in().handler(unheard -> {});
    to.in().resume();
    if (to.out() instanceof NetSocketInternal socket
        && socket.channelHandlerContext().channel() instanceof DuplexChannel channel) {
      var _ = socket.write(Buffer.buffer()).onComplete(written -> shutDown(channel));
      long last = loop.owner().setTimer(LONGEST_FAREWELL_MS, late -> socket.close());
      socket.closeHandler(gone -> loop.owner().cancelTimer(last));
    } else {
      // A client's connection, to a node that has no use for more; or messages, which end politely.
      var _ = to.out().end();
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
