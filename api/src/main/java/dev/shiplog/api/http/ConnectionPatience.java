package dev.shiplog.api.http;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts a {@link ConnectionWatch} on every connection to the API server. Vert.x offers no place for
 * it before the first request has come, so Netty is asked: it finds this class as a service where
 * {@link #enable} was called in time.
 *
 * <p>Others in this process may listen by Netty too. Theirs are left alone: only ports at which the
 * API server has answered count.
 */
public final class ConnectionPatience extends ChannelInitializerExtension {

  private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

  private static volatile ConnectionWatch.Limits limits = ConnectionWatch.Limits.STANDARD;

  /**
   * Must come before anything listens, or connects, by Netty in this process.
   *
   * @param first how long is waited for a connection's first request
   * @param rest how long between two
   */
  public static void enable(Duration first, Duration rest) {
    limits = ConnectionWatch.Limits.of(first, rest);
    if (System.getProperty(EXTENSIONS_SYSTEM_PROPERTY) == null) {
      System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    }
  }

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    channel.pipeline().addFirst(new ConnectionWatch(limits, () -> isOurs(channel)));
  }

  /** A request came; on its event loop. */
  public static void begin(HttpServerRequest request) {
    if (request.connection() instanceof ConnectionBase connection) {
      PORTS.add(request.localAddress() == null ? -1 : request.localAddress().port());
      HttpServerResponse response = request.response();
      ConnectionWatch.of(connection.channel())
          .ifPresent(watch -> watch.begin(() -> response.ended() || response.closed()));
    }
  }

  private static boolean isOurs(Channel channel) {
    SocketAddress local = channel.localAddress();
    return local instanceof InetSocketAddress address && PORTS.contains(address.getPort());
  }
}
