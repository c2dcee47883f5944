package dev.shiplog.api.runtime;

import dev.shiplog.api.access.ClientCertificates;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.peers.PeerClient;
import dev.shiplog.api.peers.PeerEndpoint;
import dev.shiplog.api.peers.PeerIdentity;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.view.ObjectCodec;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * How this server speaks to the other API servers of its cluster, and they to it. Made, routed and
 * closed by the thread that starts and stops the server; what it hands out is used from any.
 */
final class Peers implements AutoCloseable {

  private final PeerClient client;
  private final PeerEndpoint endpoint;

  private Peers(PeerClient client, PeerEndpoint endpoint) {
    this.client = client;
    this.endpoint = endpoint;
  }

  /**
   * Lets a store hand what it cannot decide itself to its peers; nothing for a server that is
   * alone.
   *
   * @throws IOException if a certificate cannot be read
   */
  static Optional<Peers> of(
      ApiEnvironment environment, JournalStore store, Registry registry, Executor workers)
      throws IOException {
    ApiConfig config = environment.config();
    if (config.peerAddress().isEmpty()) {
      return Optional.empty();
    }
    Path authority = needed(config.clientCaFile(), "client-ca-file");
    ObjectCodec codec = new ObjectCodec(registry.fields(), List.of());
    PeerClient client =
        new PeerClient(
            environment.vertx(),
            new PeerIdentity(
                needed(config.peerCert(), "peer-cert"),
                needed(config.peerKey(), "peer-key"),
                authority),
            workers,
            (key, bytes) -> codec.decode(key, key.text(), bytes));
    store.setForwarder(client);
    return Optional.of(
        new Peers(
            client,
            new PeerEndpoint(
                store, ClientCertificates.fromPem(authority, environment.clock()), workers)));
  }

  void route(Router router) {
    router.post(PeerEndpoint.PATH).handler(context -> endpoint.handle(context.request()));
    router.get(PeerEndpoint.PRESENCE_PATH).handler(context -> endpoint.stay(context.request()));
  }

  @Override
  public void close() {
    client.close();
  }

  private static Path needed(Optional<Path> file, String setting) {
    return file.orElseThrow(() ->
        new IllegalStateException(
            "shiplog.api."
                + setting
                + " is not set, but with shiplog.api.peer-address it must be"));
  }
}
