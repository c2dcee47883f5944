package dev.shiplog.standalone;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.cluster.Fabric8ClusterClient;
import dev.shiplog.agent.cluster.RequestGate;
import dev.shiplog.agent.identity.CertificateRequests;
import dev.shiplog.agent.identity.Identity;
import dev.shiplog.agent.identity.RenewedIdentity;
import dev.shiplog.agent.identity.Wanted;
import dev.shiplog.agent.node.NodeSettings.ClusterDns;
import dev.shiplog.agent.server.ServerTls;
import dev.shiplog.agent.time.SystemTimers;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.TopicLog;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * A node alone: with a bootstrap token it gets a certificate of its own, learns where the log is,
 * registers, gets a certificate to serve with, and follows its assignments. From then on it needs
 * no token. Used by one thread.
 */
public final class JoinedNode implements NodeAccess {

  private static final Logger LOG = Logger.getLogger(JoinedNode.class);

  private static final Duration SIGNED_WITHIN = Duration.ofSeconds(60);
  private static final int TIMEOUT_MS = 10_000;

  private final JoinOptions options;
  private final Progress progress;
  private final ApiAddress api;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final SystemTimers timers = keep(new SystemTimers());
  private final ExecutorService threads = keep(Executors.newVirtualThreadPerTaskExecutor());
  private final RequestGate gate = new RequestGate();
  private CurrentClient client;
  private RenewedIdentity serving;
  private volatile Nodes nodes;

  private JoinedNode(JoinOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
    api = new ApiAddress("https://" + options.server(), options.authority());
  }

  /**
   * Joins.
   *
   * @throws StartFailure if it cannot, with nothing left running
   */
  public static JoinedNode start(JoinOptions options, Progress progress) {
    JoinedNode node = new JoinedNode(options, progress);
    try {
      node.start();
      return node;
    } catch (RuntimeException e) {
      node.close();
      throw e instanceof ClusterException refused
          ? new StartFailure("the cluster refuses this node: " + refused.getMessage())
          : e;
    }
  }

  @Override
  public ClusterClient of(String node) {
    return new Fabric8ClusterClient(client, gate);
  }

  @Override
  public ServerTls serving() {
    return new ServerTls(serving.file(), serving.file(), options.authority());
  }

  /** Whether what it runs makes progress. Any thread. */
  public boolean isTurning() {
    Nodes running = nodes;
    return running == null || running.isTurning();
  }

  /** Whether it has read all that is assigned to it. Any thread. */
  public boolean hasCaughtUp() {
    Nodes running = nodes;
    return running != null && running.hasCaughtUp();
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warnf(e, "%s did not stop cleanly", part.getClass().getSimpleName());
      }
    }
  }

  private void start() {
    trust();
    Path file = options.data().pki().resolve("node-client.pem");
    Identity first = Identity.read(file).filter(this::isGood).orElseGet(this::bootstrap);
    client = keep(new CurrentClient(api, first, timers, threads));
    progress.up("certificate", "system:node:" + options.node());
    AgentServices services =
        new AgentServices(of(options.node()), timers, threads, new SplittableRandom(), faults());
    CertificateRequests requests = new CertificateRequests(client, SIGNED_WITHIN);
    Wanted own = Wanted.client(options.node());
    RenewedIdentity identity =
        keep(new RenewedIdentity(file, first, () -> requests.obtain(own), services));
    identity.onChange(client::use);
    identity.start();
    KnownCluster cluster = KnownCluster.ask(client.get(), options, file);
    TopicLog log = keep(new KafkaTopicLog(cluster.kafka()));
    progress.up("kafka", cluster.kafka().bootstrapServers());
    run(cluster, log, requests, services);
  }

  private void run(
      KnownCluster cluster, TopicLog log, CertificateRequests requests, AgentServices services) {
    String address = options.address().orElseGet(this::addressTowardsServer);
    Wanted wanted = Wanted.serving(options.node(), List.of(address));
    Path file = options.data().pki().resolve("node-serving.pem");
    boolean confirmed = Identity.read(file).filter(this::isGood).isPresent();
    Identity first =
        Identity.read(file)
            .filter(this::isGood)
            .orElseGet(() -> CertificateRequests.unconfirmed(wanted, timers.instant()));
    serving = keep(new RenewedIdentity(file, first, () -> requests.obtain(wanted), services));
    NodeRuntime runtime = keep(NodeRuntime.start(options.runtimeWish(), progress));
    nodes = keep(Nodes.start(plan(cluster, address), this, runtime, log, faults()));
    serving.onChange(renewed -> nodes.show(serving()));
    if (confirmed) {
      serving.start();
    } else {
      // Only now does the cluster know at which address the node is.
      serving.renewNow();
    }
    progress.up("node", nodes.names() + " (" + runtime.description() + ")");
  }

  private NodePlan plan(KnownCluster cluster, String address) {
    String gateway = PodGateway.of(options.runtimeWish().hostSubnet());
    return new NodePlan(
        options.data(),
        cluster.topics(),
        cluster.assignmentPartitions(),
        address,
        new InetSocketAddress(address, options.port()),
        OptionalInt.empty(),
        gateway,
        new ClusterDns(List.of(gateway), ClusterNetwork.DOMAIN),
        options.labels(),
        options.taints(),
        options.shutdown(),
        options.eviction());
  }

  /** Finds out whom to trust, once. */
  private void trust() {
    Path file = options.authority();
    try {
      Files.createDirectories(file.getParent());
      if (options.caFile().isPresent()) {
        Files.writeString(file, Files.readString(options.caFile().get()));
      } else if (options.caHash().isPresent()) {
        Files.writeString(file, new AuthorityPin(options.caHash().get()).find(options.server()));
      } else if (!Files.exists(file)) {
        throw new StartFailure("give --ca-hash or --ca-file, so that the cluster can be trusted");
      }
    } catch (IOException e) {
      throw new StartFailure("cannot keep whom to trust: " + StartFailure.describe(e));
    }
  }

  private Identity bootstrap() {
    String token =
        options
            .token()
            .orElseThrow(() ->
                new StartFailure(
                    "this node has no certificate yet: give --token, as './shiplog token create' "
                        + "prints it"));
    try (KubernetesClient stranger = api.client(token)) {
      return new CertificateRequests(() -> stranger, SIGNED_WITHIN)
          .obtain(Wanted.client(options.node()));
    }
  }

  /** Whether a certificate of an earlier run is this node's, of this cluster, and not over. */
  private boolean isGood(Identity identity) {
    X509Certificate leaf = identity.leaf();
    boolean own =
        leaf.getSubjectX500Principal()
            .getName()
            .startsWith("CN=system:node:" + options.node() + ",");
    try (var in = Files.newInputStream(options.authority())) {
      leaf.verify(CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey());
      return own && leaf.getNotAfter().toInstant().isAfter(timers.instant());
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }

  private String addressTowardsServer() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(options.server().host(), options.server().port()), TIMEOUT_MS);
      return socket.getLocalAddress().getHostAddress();
    } catch (IOException e) {
      throw new StartFailure(
          "the API server at "
              + options.server()
              + " cannot be reached: "
              + StartFailure.describe(e));
    }
  }

  private FaultHandler faults() {
    return (what, cause) -> {
      LOG.fatal(what, cause);
      System.err.println("shiplog: " + what + "; the reason is in " + options.data().log());
      Runtime.getRuntime().halt(1);
    };
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }
}
