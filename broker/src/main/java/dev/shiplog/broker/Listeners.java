package dev.shiplog.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The broker's sockets, bound before Kafka is configured: so the port of each is known, nobody can
 * take it in between, and one that is taken is noticed before anything was started.
 */
final class Listeners implements ServerSocketFactory, AutoCloseable {

  static final String CLIENT = "CLIENT";
  static final String CONTROLLER = "CONTROLLER";

  private static final int BACKLOG = 50;

  private final String host;
  private final Map<String, ServerSocketChannel> bound = new ConcurrentHashMap<>();

  private Listeners(String host) {
    this.host = host;
  }

  /**
   * Binds them.
   *
   * @throws BrokerFailure if the port is taken or the host is not one of this machine
   */
  static Listeners bind(BrokerSettings settings) {
    Listeners listeners = new Listeners(settings.host());
    try {
      listeners.open(CLIENT, settings.host(), settings.port());
      listeners.open(CONTROLLER, settings.host(), 0);
      settings
          .remote()
          .ifPresent(remote -> listeners.open(RemoteListener.NAME, remote.host(), remote.port()));
      return listeners;
    } catch (BrokerFailure e) {
      listeners.close();
      throw e;
    }
  }

  /** Of those on the own host. */
  String address(String listener) {
    return host + ":" + port(listener);
  }

  int port(String listener) {
    return bound.get(listener).socket().getLocalPort();
  }

  /** Kafka asks for its sockets by name and closes what it was given. */
  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBufferSize)
      throws IOException {
    ServerSocketChannel socket = bound.get(listener);
    if (socket == null) {
      throw new IOException("there is no listener " + listener);
    }
    return socket;
  }

  /** Closes what Kafka did not. */
  @Override
  public void close() {
    for (ServerSocketChannel socket : bound.values()) {
      try {
        socket.close();
      } catch (IOException e) {
        // A socket that cannot be closed is closed with the process.
      }
    }
  }

  private void open(String listener, String address, int port) {
    try {
      ServerSocketChannel socket = ServerSocketChannel.open();
      bound.put(listener, socket);
      socket.bind(new InetSocketAddress(address, port), BACKLOG);
      socket.configureBlocking(false);
    } catch (IOException | UnresolvedAddressException e) {
      throw new BrokerFailure(
          "the Kafka broker cannot listen on " + address + ":" + port + ": " + e.getMessage(), e);
    }
  }
}
