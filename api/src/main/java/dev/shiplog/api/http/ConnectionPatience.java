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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Puts a {@link ConnectionWatch} on every connection to the API server. Vert.x offers no place for
 * it before the first request has come, so Netty is asked: it finds this class as a service where
 * {@link #askNetty} was called in time. Where it was not, connections are watched from their first
 * request on, and the log says so.
 *
 * <p>Others in this process may listen by Netty too. Theirs are left alone: only ports at which the
 * API server has answered count.
 */
public final class ConnectionPatience extends ChannelInitializerExtension {

  private static final Logger LOG = Logger.getLogger(ConnectionPatience.class);
  private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private static volatile ConnectionWatch.Limits limits = ConnectionWatch.Limits.STANDARD;

  /**
   * Netty looks once, when the first in this process listens or connects by it: belongs at the
   * beginning of a process. A choice that was made already is kept.
   */
  public static void askNetty() {
    if (System.getProperty(EXTENSIONS_SYSTEM_PROPERTY) == null) {
      System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    }
  }

  /**
   * Holds for connections that are opened from now on.
   *
   * @param first how long is waited for a connection's first request
   * @param rest how long between two
   */
  public static void waitFor(Duration first, Duration rest) {
    limits = ConnectionWatch.Limits.of(first, rest);
  }

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    watch(channel);
  }

  /** A request came; on its event loop. */
  public static void begin(HttpServerRequest request) {
    if (request.connection() instanceof ConnectionBase connection) {
      PORTS.add(request.localAddress() == null ? -1 : request.localAddress().port());
      HttpServerResponse response = request.response();
      begin(connection.channel(), () -> response.ended() || response.closed());
    }
  }

  static void begin(Channel channel, BooleanSupplier over) {
    ConnectionWatch.of(channel).orElseGet(() -> watchLate(channel)).begin(over);
  }

  private static ConnectionWatch watchLate(Channel channel) {
    if (TOLD.compareAndSet(false, true)) {
      LOG.warnf(
          "clients that connect and ask for nothing are not cut off: Netty was used in this process"
              + " before Shiplog began; start it with -D%s=serviceload",
          EXTENSIONS_SYSTEM_PROPERTY);
    }
    return watch(channel);
  }

  private static ConnectionWatch watch(Channel channel) {
    ConnectionWatch watch = new ConnectionWatch(limits, () -> isOurs(channel));
    channel.pipeline().addFirst(watch);
    return watch;
  }

  private static boolean isOurs(Channel channel) {
    SocketAddress local = channel.localAddress();
    return local instanceof InetSocketAddress address && PORTS.contains(address.getPort());
  }
}
