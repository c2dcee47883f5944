package dev.shiplog.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A single-node Kafka in this process, listening on loopback only. What it holds lies in its
 * directory and survives however the process ends. Used by one thread; clients connect as to any
 * Kafka.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private final KafkaRaftServer server;
  private final int port;
  private final DirectoryLock lock;

  private EmbeddedBroker(KafkaRaftServer server, int port, DirectoryLock lock) {
    this.server = server;
    this.port = port;
    this.lock = lock;
  }

  /**
   * Starts a broker on free ports; formats the directory if it is new.
   *
   * @return once clients are served
   * @throws BrokerFailure if the directory is in use, damaged, or not writable
   */
  public static EmbeddedBroker start(Path directory) {
    BrokerSettings settings = new BrokerSettings(directory, freePort(), freePort());
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      format(directory);
      KafkaConfig config = KafkaConfig.fromProps(properties(settings), false);
      KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
      server.startup();
      return new EmbeddedBroker(server, settings.port(), lock);
    } catch (Exception e) {
      lock.close();
      throw new BrokerFailure("Kafka cannot start on " + directory + ": " + e.getMessage(), e);
    }
  }

  /** Where clients connect: {@code host:port}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Stops serving and leaves everything on disk. */
  @Override
  public void close() {
    try (DirectoryLock _ = lock) {
      server.shutdown();
      server.awaitShutdown();
    }
  }

  private static void format(Path directory) throws Exception {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(BrokerSettings.NODE)
        .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
        .setMetadataLogDirectory(directory.toString())
        .setReleaseVersion(MetadataVersion.latestProduction())
        .addDirectory(directory.toString())
        .run();
  }

  private static java.util.Properties properties(BrokerSettings settings) {
    java.util.Properties properties = new java.util.Properties();
    properties.putAll(settings.properties());
    return properties;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BrokerFailure("no free port on the loopback interface", e);
    }
  }
}
