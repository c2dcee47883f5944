package dev.shiplog.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server$;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * One Kafka node, broker and controller in one, inside this process. What it was told to store
 * survives a kill of the process; what survives a power failure is up to each topic's flush
 * settings. Start and close on any one thread.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  private final DataDirectory directory;
  private final Listeners listeners;
  private final FatalFaults faults;
  private final String clusterId;
  private final ControllerServer controller;
  private final BrokerServer broker;
  private boolean closed;

  private EmbeddedBroker(
      BrokerSettings settings, DataDirectory directory, Listeners listeners, FatalFaults faults) {
    this.directory = directory;
    this.listeners = listeners;
    this.faults = faults;
    KafkaConfig config = new KafkaConfig(asObjects(KafkaProperties.of(settings, listeners)), false);
    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
        KafkaRaftServer.initializeLogDirs(config, LOG, "");
    this.clusterId = stored._1().clusterId().orElseThrow();
    SharedServer shared = shared(config, stored._1());
    this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
    this.broker = new BrokerServer(shared);
  }

  /** Starts a broker on a free port of the loopback interface, with nobody to tell of its end. */
  public static EmbeddedBroker start(Path directory) {
    return start(BrokerSettings.in(directory, LOG::error));
  }

  /**
   * Starts a broker and returns when it takes requests.
   *
   * @throws BrokerFailure if it cannot; nothing is left running then
   */
  public static EmbeddedBroker start(BrokerSettings settings) {
    DataDirectory directory = DataDirectory.take(settings.dataDir());
    Listeners listeners = null;
    FatalFaults faults = null;
    try {
      listeners = Listeners.bind(settings);
      faults = new FatalFaults(settings.dataDir(), settings.onFatal());
      directory.formatIfNew(KafkaProperties.NODE_ID, Listeners.CONTROLLER);
      EmbeddedBroker started = new EmbeddedBroker(settings, directory, listeners, faults);
      started.startServers();
      return started;
    } catch (RuntimeException | Error e) {
      release(directory, listeners, faults);
      throw e instanceof BrokerFailure known ? known : failedToStart(settings, e);
    }
  }

  /** Host and port for clients. */
  public String bootstrapServers() {
    return listeners.address(Listeners.CLIENT);
  }

  /** Port for clients on other machines, if they may come. */
  public int remotePort() {
    return listeners.port(RemoteListener.NAME);
  }

  /** The id Kafka gave this storage when it was formatted. */
  public String clusterId() {
    return clusterId;
  }

  /** Its partitions, past its sockets; of use while it runs. */
  public BrokerPartitions partitions() {
    return new BrokerPartitions(broker.replicaManager());
  }

  /** Its transactions, past its sockets; of use while it runs. */
  public BrokerTransactions transactions() {
    return new BrokerTransactions(
        broker.replicaManager(), broker.transactionCoordinator(), partitions());
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    faults.close();
    stopServers();
    release(directory, listeners, faults);
  }

  private SharedServer shared(KafkaConfig config, MetaPropertiesEnsemble storage) {
    showNoBeans();
    QuorumConfig quorum = config.quorumConfig();
    Metrics metrics = Server$.MODULE$.initializeMetrics(config, Time.SYSTEM, clusterId);
    return new SharedServer(
        config,
        storage,
        Time.SYSTEM,
        metrics,
        CompletableFuture.completedFuture(QuorumConfig.parseVoterConnections(quorum.voters())),
        QuorumConfig.parseBootstrapServers(quorum.bootstrapServers()),
        faults,
        listeners);
  }

  /** As {@code metric.reporters} of the properties: thousands of beans for nobody slow a start. */
  private static void showNoBeans() {
    KafkaYammerMetrics.INSTANCE.configure(Map.of(JmxReporter.EXCLUDE_CONFIG, ".*"));
  }

  private void startServers() {
    try {
      controller.startup();
      broker.startup();
    } catch (RuntimeException | Error e) {
      faults.close();
      stopServers();
      throw e;
    }
  }

  private void stopServers() {
    broker.shutdown();
    controller.shutdown();
    broker.awaitShutdown();
    controller.awaitShutdown();
  }

  private static void release(DataDirectory directory, Listeners listeners, FatalFaults faults) {
    if (faults != null) {
      faults.close();
    }
    if (listeners != null) {
      listeners.close();
    }
    try {
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BrokerFailure failedToStart(BrokerSettings settings, Throwable cause) {
    return new BrokerFailure(
        "the Kafka broker in " + settings.dataDir() + " cannot start: " + cause.getMessage(),
        cause);
  }

  private static Map<String, Object> asObjects(Map<String, String> properties) {
    return new HashMap<>(properties);
  }
}
