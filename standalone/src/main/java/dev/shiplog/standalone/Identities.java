package dev.shiplog.standalone;

import dev.shiplog.api.peers.PeerIdentity;
import dev.shiplog.standalone.pki.CertFiles;
import dev.shiplog.standalone.pki.ClusterPki;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Who is who in the cluster: the certificates and tokens that its parts and its administrator show
 * each other.
 *
 * @param pki what signs
 * @param apiServer the API server's serving certificate
 * @param peer what the API server shows to others on the same Kafka
 * @param kubeletClient what the API server shows to nodes
 * @param serviceAccountKey signs service account tokens
 * @param kafka what the embedded broker shows other machines: key and certificate in one file
 * @param autoscalerToken what the horizontal autoscaler shows the API server
 * @param nodeTokens by simulated node, if there are several, what it shows the API server
 */
record Identities(
    ClusterPki pki,
    CertFiles apiServer,
    CertFiles peer,
    CertFiles kubeletClient,
    Path serviceAccountKey,
    Path kafka,
    String autoscalerToken,
    Map<String, String> nodeTokens) {

  /** Begins the user name of a node. */
  static final String NODE = "system:node:";

  static final String NODES = "system:nodes";

  static final String ADMINISTRATORS = "system:masters";

  private static final int TOKEN_BYTES = 32;

  /** First address of the service range: the {@code kubernetes} service. */
  private static final String KUBERNETES_SERVICE = "10.96.0.1";

  /** What every API server is called. */
  static final List<String> EVERYWHERE =
      List.of(
          "localhost",
          "127.0.0.1",
          KUBERNETES_SERVICE,
          "kubernetes",
          "kubernetes.default",
          "kubernetes.default.svc",
          "kubernetes.default.svc.cluster.local");

  static Identities prepare(UpOptions options) {
    DataDirectory data = options.data();
    ClusterPki pki =
        ClusterPki.open(
            options.authority(), data.pki(), InstantSource.system(), new SecureRandom());
    SecureRandom random = new SecureRandom();
    String autoscaler = token(random);
    Map<String, String> nodes = options.nodes() > 1 ? tokens(options, random) : Map.of();
    StringBuilder lines = new StringBuilder();
    line(lines, pki.adminToken(data.adminToken()), "kubernetes-admin", ADMINISTRATORS);
    line(lines, autoscaler, MetricsReader.USER, MetricsReader.GROUP);
    nodes.forEach((node, token) -> line(lines, token, NODE + node, NODES));
    writeTokens(data, lines);
    return new Identities(
        pki,
        pki.server("apiserver", "kube-apiserver", "", hosts(options)),
        pki.client("apiserver-peer", PeerIdentity.USER, ""),
        pki.client("apiserver-kubelet-client", "kube-apiserver-kubelet-client", ADMINISTRATORS),
        pki.serviceAccountKey(),
        pki.together(pki.server("kafka", "kafka", "", hosts(options))),
        autoscaler,
        nodes);
  }

  /**
   * What the administrator's kubeconfig holds; made when it is asked for, since it takes a while.
   */
  CertFiles administrator() {
    return pki.personalClient("admin", "kubernetes-admin", ADMINISTRATORS);
  }

  /** Good for one run: the API server reads them at its start. */
  private static Map<String, String> tokens(UpOptions options, SecureRandom random) {
    return options.simulatedNames().stream()
        .collect(Collectors.toMap(node -> node, node -> token(random)));
  }

  private static String token(SecureRandom random) {
    byte[] secret = new byte[TOKEN_BYTES];
    random.nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  private static List<String> hosts(UpOptions options) {
    String bind = options.bind();
    List<String> hosts = new ArrayList<>(EVERYWHERE);
    try {
      hosts.add(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      // A machine without a resolvable name is reached by address.
    }
    if (new ListenAddress(bind, options.port()).isAnywhere()) {
      hosts.addAll(OwnName.addresses());
    } else {
      hosts.add(bind);
    }
    options
        .kafkaListen()
        .filter(listen -> !listen.isAnywhere())
        .ifPresent(listen -> hosts.add(listen.host()));
    options.advertise().ifPresent(hosts::add);
    return hosts;
  }

  private static void writeTokens(DataDirectory data, CharSequence lines) {
    Path file = data.tokenFile();
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, lines);
    } catch (IOException e) {
      throw new StartFailure("cannot write " + file + ": " + StartFailure.describe(e));
    }
  }

  private static void line(StringBuilder lines, String token, String user, String group) {
    lines.append(token).append(',').append(user).append(",,\"").append(group).append("\"\n");
  }

  /** The tokens stay out of logs. */
  @Override
  public String toString() {
    return "Identities[" + pki.authorityCertificate() + "]";
  }
}
