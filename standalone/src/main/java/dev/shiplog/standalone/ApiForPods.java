package dev.shiplog.standalone;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;

/**
 * Lets this machine's pods reach an API server that listens on loopback alone: takes connections at
 * the {@link PodGateway} and passes them on untouched, TLS included.
 */
final class ApiForPods implements AutoCloseable {

  private static final long LISTEN_SECONDS = 10;
  private static final int CONNECT_TIMEOUT_MS = 5_000;

  private final NetServer server;
  private final NetClient client;
  private final int port;

  private ApiForPods(Vertx vertx, String gateway, int port) {
    this.port = port;
    client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS));
    server =
        vertx
            .createNetServer(new NetServerOptions().setHost(gateway).setPort(port))
            .connectHandler(this::join);
  }

  /** Whether a server bound to this is out of pods' reach. */
  static boolean isNeeded(String bind) {
    return bind.equals("localhost") || bind.equals("::1") || bind.startsWith("127.");
  }

  /**
   * Starts it.
   *
   * @param gateway this machine's address in its pods' network
   * @param port of the API server, taken here too
   * @throws StartFailure if it cannot listen
   */
  static ApiForPods start(Vertx vertx, String gateway, int port) {
    ApiForPods started = new ApiForPods(vertx, gateway, port);
    try {
      var _ = settled(started.server.listen());
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw new StartFailure(
          "cannot listen on %s:%d for pods: %s".formatted(gateway, port, e.getMessage()));
    }
  }

  @Override
  public void close() {
    var _ = settled(server.close());
    var _ = settled(client.close());
  }

  private void join(NetSocket pod) {
    pod.pause();
    client
        .connect(port, "127.0.0.1")
        .onSuccess(api -> {
          pod.pipeTo(api);
          api.pipeTo(pod);
        })
        .onFailure(away -> pod.close());
  }

  private static <T> T settled(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(LISTEN_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
