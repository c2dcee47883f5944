package dev.shiplog.junit;

import dev.shiplog.standalone.DataDirectory;
import dev.shiplog.standalone.InProcessCluster;
import dev.shiplog.standalone.UpOptions;
import dev.shiplog.standalone.UpOptions.RuntimeChoice;
import dev.shiplog.standalone.Without;
import dev.shiplog.topics.catalogue.TopicNames;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A Kubernetes cluster in this JVM, on a Kafka in this JVM, which keeps nothing when it is closed.
 * {@link ShiplogTest} hands one out; other test frameworks start and close one themselves. Safe for
 * use by many threads.
 */
public final class ShiplogCluster implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration HISTORY = Duration.ofHours(1);

  private final Path directory;
  private final AtomicReference<IllegalStateException> fault;
  private final InProcessCluster cluster;

  private ShiplogCluster(
      Path directory, AtomicReference<IllegalStateException> fault, InProcessCluster cluster) {
    this.directory = directory;
    this.fault = fault;
    this.cluster = cluster;
  }

  /** A cluster with all parts and one node. */
  public static ShiplogCluster start() {
    return start(1, "");
  }

  /**
   * Starts a cluster, and returns when it is ready.
   *
   * @param nodes how many simulated nodes
   * @param without parts to leave out, as after {@code ./shiplog up --without}; empty for none
   * @throws IllegalArgumentException if {@code without} names what there is not
   * @throws RuntimeException if it cannot start; nothing is left running then
   */
  public static ShiplogCluster start(int nodes, String without) {
    Path directory = newDirectory();
    AtomicReference<IllegalStateException> fault = new AtomicReference<>();
    try {
      InProcessCluster cluster =
          InProcessCluster.start(
              options(directory, freePort(), nodes, without),
              (what, cause) -> fault.compareAndSet(null, new IllegalStateException(what, cause)));
      return new ShiplogCluster(directory, fault, cluster);
    } catch (RuntimeException e) {
      Directories.delete(directory);
      throw e;
    }
  }

  /** Another client of an administrator; whoever asks for it closes it. */
  public KubernetesClient newClient() {
    return new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig())).build();
  }

  /** What {@code kubectl} and other clients need to be an administrator. */
  public String kubeconfig() {
    try {
      return Files.readString(cluster.kubeconfig());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same as a file, for {@code KUBECONFIG}; gone when the cluster is closed. */
  public Path kubeconfigFile() {
    return cluster.kubeconfig();
  }

  /** URL of the API server. */
  public String server() {
    return cluster.server();
  }

  /** Where a consumer reaches the Kafka that holds the journal and the topics made from it. */
  public String kafkaBootstrapServers() {
    return cluster.bootstrapServers();
  }

  /**
   * Stops everything and removes what it kept.
   *
   * @throws IllegalStateException if a part had failed while the cluster ran
   */
  @Override
  public void close() {
    try {
      cluster.close();
    } finally {
      Directories.delete(directory);
    }
    if (fault.get() != null) {
      throw fault.get();
    }
  }

  static UpOptions options(Path directory, int port, int nodes, String without) {
    DataDirectory data = new DataDirectory(directory);
    return new UpOptions(
        data,
        LOOPBACK,
        port,
        Optional.empty(),
        data.pki(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        TopicNames.DEFAULT_PREFIX,
        1,
        HISTORY,
        RuntimeChoice.SIMULATED,
        nodes,
        UpOptions.PLAIN,
        without.isEmpty() ? Without.NOTHING : Without.parse(without),
        false,
        data.kubeconfig(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        UpOptions.LEAVE_PODS,
        UpOptions.EVICT_AS_USUAL,
        // All nodes are in this process: apart, each partition would only be one more to open.
        Map.of(UpOptions.ASSIGNMENT_PARTITIONS, "1"));
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("shiplog-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
