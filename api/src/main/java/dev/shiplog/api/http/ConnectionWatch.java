package dev.shiplog.api.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Closes a connection on which nobody asks for anything: one whose sender does not come to the end
 * of a request's head, however diligently it goes on sending, and one that rests between requests
 * for long. Belongs to the connection's event loop.
 */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {

  private static final AttributeKey<ConnectionWatch> KEY =
      AttributeKey.valueOf("shiplog.connection-watch");

  /** On HTTP/2 many are under way; those that are over are forgotten at the latest when so many. */
  private static final int MANY = 64;

  private final Limits limits;
  private final BooleanSupplier concerned;
  private final Set<BooleanSupplier> underWay = new HashSet<>();
  private int forgetAt = MANY;
  private boolean begun;
  private int rested;
  private ScheduledFuture<?> looking;

  /**
   * How long is waited, counted in looks.
   *
   * @param lookMs how often a connection is looked at
   * @param firstLooks until the first request, the handshake included
   * @param restLooks between two
   */
  record Limits(long lookMs, int firstLooks, int restLooks) {
    /** What Kubernetes waits for, about. */
    static final Limits STANDARD = of(Duration.ofSeconds(30), Duration.ofMinutes(3));

    private static final int LOOKS = 3;

    /** Several looks for the shorter time, so that one that comes late closes nothing. */
    static Limits of(Duration first, Duration rest) {
      long look = Math.max(1, Math.min(first.toMillis(), rest.toMillis()) / LOOKS);
      return new Limits(look, looks(first, look), looks(rest, look));
    }

    private static int looks(Duration time, long look) {
      return Math.toIntExact(Math.ceilDiv(time.toMillis(), look));
    }
  }

  /**
   * A watch.
   *
   * @param concerned whether it is a connection to the API server at all
   */
  ConnectionWatch(Limits limits, BooleanSupplier concerned) {
    this.limits = limits;
    this.concerned = concerned;
  }

  /** That of a channel, if it has one. */
  static Optional<ConnectionWatch> of(Channel channel) {
    return Optional.ofNullable(channel.attr(KEY).get());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context.channel().attr(KEY).set(this);
    if (context.channel().isRegistered() && context.channel().isActive()) {
      startLooking(context);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    startLooking(context);
    super.channelActive(context);
  }

  private void startLooking(ChannelHandlerContext context) {
    if (looking == null) {
      looking =
          context
              .executor()
              .scheduleWithFixedDelay(
                  () -> look(context), limits.lookMs(), limits.lookMs(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (looking != null) {
      looking.cancel(false);
    }
    super.channelInactive(context);
  }

  /**
   * The head of a request has come.
   *
   * @param over whether it is answered
   */
  void begin(BooleanSupplier over) {
    begun = true;
    rested = 0;
    if (underWay.size() >= forgetAt) {
      underWay.removeIf(BooleanSupplier::getAsBoolean);
      forgetAt = Math.max(MANY, 2 * underWay.size());
    }
    underWay.add(over);
  }

  private void look(ChannelHandlerContext context) {
    underWay.removeIf(BooleanSupplier::getAsBoolean);
    if (!underWay.isEmpty() || isSomethingElse(context.pipeline()) || !concerned.getAsBoolean()) {
      rested = 0;
      return;
    }
    rested++;
    if (rested >= (begun ? limits.restLooks() : limits.firstLooks())) {
      var _ = context.close();
    }
  }

  /** What began as a request and became a stream, or a WebSocket, has time-outs of its own. */
  private boolean isSomethingElse(ChannelPipeline pipeline) {
    return begun
        && pipeline.get(HttpRequestDecoder.class) == null
        && pipeline.get(Http2ConnectionHandler.class) == null;
  }
}
