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
import java.util.List;

/**
 * Who is who in the cluster: the certificates and tokens that its parts and its administrator show
 * each other.
 *
 * @param pki what signs
 * @param apiServer the API server's serving certificate
 * @param peer what the API server shows to others on the same Kafka
 * @param kubeletClient what the API server shows to nodes
 * @param administrator what the kubeconfig holds
 * @param serviceAccountKey signs service account tokens
 */
record Identities(
    ClusterPki pki,
    CertFiles apiServer,
    CertFiles peer,
    CertFiles kubeletClient,
    CertFiles administrator,
    Path serviceAccountKey) {

  static final String ADMINISTRATORS = "system:masters";

  /** First address of the service range: the {@code kubernetes} service. */
  private static final String KUBERNETES_SERVICE = "10.96.0.1";

  static Identities prepare(UpOptions options) {
    DataDirectory data = options.data();
    ClusterPki pki =
        ClusterPki.open(
            options.authority(), data.pki(), InstantSource.system(), new SecureRandom());
    writeTokens(data, pki.adminToken(data.adminToken()));
    return new Identities(
        pki,
        pki.server("apiserver", "kube-apiserver", "", hosts(options)),
        pki.client("apiserver-peer", PeerIdentity.USER, ""),
        pki.client("apiserver-kubelet-client", "kube-apiserver-kubelet-client", ADMINISTRATORS),
        pki.personalClient("admin", "kubernetes-admin", ADMINISTRATORS),
        pki.serviceAccountKey());
  }

  private static List<String> hosts(UpOptions options) {
    String bind = options.bind();
    List<String> hosts =
        new ArrayList<>(
            List.of(
                "localhost",
                "127.0.0.1",
                KUBERNETES_SERVICE,
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local"));
    try {
      hosts.add(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      // A machine without a resolvable name is reached by address.
    }
    if (!bind.equals("0.0.0.0") && !bind.equals("::")) {
      hosts.add(bind);
    }
    options.advertise().ifPresent(hosts::add);
    return hosts;
  }

  private static void writeTokens(DataDirectory data, String adminToken) {
    String line = adminToken + ",kubernetes-admin,,\"" + ADMINISTRATORS + "\"\n";
    Path file = data.tokenFile();
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, line);
    } catch (IOException e) {
      throw new StartFailure("cannot write " + file + ": " + StartFailure.describe(e));
    }
  }
}
