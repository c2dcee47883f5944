package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.addresses.AddressRange;
import dev.shiplog.api.journal.JournalStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Lets clients in the cluster find this server. Among others it shows that it lives; alone, it is
 * known to for as long as it does. The thread that starts and stops the server.
 */
final class Announcement implements AutoCloseable {

  /** The usual place of the Service kube-dns in the range: 10.96.0.10. */
  private static final int DNS_SERVICE = 9;

  private final ApiEnvironment environment;
  private final int port;
  private final OwnWrites writes;
  private final JournalStore store;
  private Optional<ServerPresence> presence = Optional.empty();

  /**
   * Announces nothing yet.
   *
   * @param port where this server listens
   */
  Announcement(ApiEnvironment environment, int port, OwnWrites writes, JournalStore store) {
    this.environment = environment;
    this.port = port;
    this.writes = writes;
    this.store = store;
  }

  /** Where pods find API servers, and names. */
  DefaultObjects.Reach reach() {
    ApiConfig config = environment.config();
    AddressRange services = AddressRange.parse(config.serviceCidr());
    return new DefaultObjects.Reach(
        services.address(0),
        config.advertiseAddress().or(OwnAddress::find),
        port,
        services.address(DNS_SERVICE),
        config.clusterDnsAddress());
  }

  /**
   * Announces this server, which serves.
   *
   * @throws Exception if that cannot be written in time
   */
  void start(long boundSeconds) throws Exception {
    Optional<KubernetesService.Place> place =
        reach().address().map(ip -> new KubernetesService.Place(ip, port));
    if (environment.config().peerAddress().isPresent()) {
      presence = Optional.of(presence(place));
      presence.get().start();
    } else if (place.isPresent()) {
      for (ObjectNode object : KubernetesService.leadingTo(List.of(place.get()))) {
        writes.put(object).get(boundSeconds, TimeUnit.SECONDS);
      }
    }
  }

  private ServerPresence presence(Optional<KubernetesService.Place> place) {
    return new ServerPresence(
        environment.config().serverId(),
        place,
        writes,
        store::current,
        environment.clock(),
        environment.threads());
  }

  /** Clients are no longer led here, where others can take them. */
  @Override
  public void close() {
    presence.ifPresent(ServerPresence::close);
  }
}
