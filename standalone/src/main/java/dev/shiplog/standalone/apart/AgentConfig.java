package dev.shiplog.standalone.apart;

import dev.shiplog.standalone.UpOptions.RuntimeChoice;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What the agent of a node is told. What Kafka is, it asks the API server. */
@ConfigMapping(prefix = "shiplog.agent")
public interface AgentConfig {

  /** {@code HOST:PORT} of an API server; needed. */
  Optional<String> server();

  /** Where the node keeps its certificate and its pods' files. */
  @WithDefault("/var/lib/shiplog")
  Path dataDir();

  /** Bootstrap token, until the node has a certificate. */
  Optional<String> token();

  /** File with the bootstrap token, instead of the token itself. */
  Optional<Path> tokenFile();

  /** PEM certificate of the cluster's authority. */
  Optional<Path> caFile();

  /** Or {@code sha256:HEX} of its public key. */
  Optional<String> caHash();

  /** Name of the node; that of the machine if absent. */
  Optional<String> name();

  /** Address at which the API server reaches the node; that which leads there if absent. */
  Optional<String> address();

  /** Port where the node serves logs and streams. */
  @WithDefault("10250")
  int port();

  /** What runs pods: {@code containerd}, {@code simulated}, or auto for what there is. */
  @WithDefault("auto")
  RuntimeChoice runtime();

  /** File with stages that say how containers behave if they are simulated. */
  Optional<Path> simulation();

  /** Socket of a containerd that runs already; a containerd of its own is started if absent. */
  Optional<Path> containerd();

  /** A /24 for the node's pods that no other node has; needed for containers. */
  Optional<String> podSubnet();

  /** Bootstrap servers of Kafka, where the cluster's own word is not to be taken. */
  Optional<String> kafka();

  /** File with further Kafka client properties. */
  Optional<Path> kafkaPropertiesFile();

  /** How long pods have to end when the node is told to stop; zero leaves them as they are. */
  @WithDefault("0s")
  Duration shutdownGracePeriod();

  /** How much of that is left to critical pods, which end last. */
  @WithDefault("0s")
  Duration shutdownGracePeriodCriticalPods();

  /** Instead of both, {@code PRIORITY=SECONDS,…}: pods end in this order. */
  Optional<String> shutdownGracePeriodByPodPriority();

  /**
   * {@code SIGNAL<AMOUNT,…}: below what the node ends pods and takes no more; the built-in amounts
   * if absent. Signals: memory.available, nodefs.available, nodefs.inodesFree, imagefs.available,
   * imagefs.inodesFree, pid.available.
   */
  Optional<String> evictionHard();

  /** How long a pressure that is over is told still. */
  @WithDefault("5m")
  Duration evictionPressureTransitionPeriod();

  /** Further labels of the node. */
  Map<String, String> labels();
}
