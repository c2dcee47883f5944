package dev.shiplog.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How an embedded broker is to run.
 *
 * @param dataDir where it keeps everything; made if it is missing. One broker at a time.
 * @param host address to listen on, and the one clients are told
 * @param port port to listen on; 0 picks a free one
 * @param remote where other machines reach it; empty if none may
 * @param overrides Kafka broker properties that replace the usual ones
 * @param onFatal told, on a thread of the broker, in a sentence why it cannot go on: the disk
 *     failed or is full, or its metadata is damaged. The process should stop.
 */
public record BrokerSettings(
    Path dataDir,
    String host,
    int port,
    Optional<RemoteListener> remote,
    Map<String, String> overrides,
    Consumer<String> onFatal) {

  public static final String LOOPBACK = "127.0.0.1";

  public BrokerSettings {
    dataDir = dataDir.toAbsolutePath().normalize();
    overrides = Map.copyOf(overrides);
    Objects.requireNonNull(onFatal);
  }

  /** On a free port of the loopback interface. */
  public static BrokerSettings in(Path dataDir, Consumer<String> onFatal) {
    return new BrokerSettings(dataDir, LOOPBACK, 0, Optional.empty(), Map.of(), onFatal);
  }

  public BrokerSettings withPort(int newPort) {
    return new BrokerSettings(dataDir, host, newPort, remote, overrides, onFatal);
  }

  public BrokerSettings withOverrides(Map<String, String> newOverrides) {
    return new BrokerSettings(dataDir, host, port, remote, newOverrides, onFatal);
  }

  /** Reached by other machines too. */
  public BrokerSettings withRemote(RemoteListener listener) {
    return new BrokerSettings(dataDir, host, port, Optional.of(listener), overrides, onFatal);
  }
}
