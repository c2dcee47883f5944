package dev.shiplog.standalone;

import dev.shiplog.api.peers.PeerIdentity;
import dev.shiplog.standalone.pki.CertFiles;
import dev.shiplog.standalone.pki.ClusterPki;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes the keys and certificates of a cluster whose parts run apart. What is there and still good
 * is kept.
 *
 * @param directory where they go
 * @param hosts names and addresses of the API servers, besides those every cluster has
 * @param server URL that kubeconfigs are to name
 */
public record CertificatesRun(Path directory, List<String> hosts, String server) {

  /** Makes them. */
  public void write() {
    ClusterPki pki =
        ClusterPki.open(directory, directory, InstantSource.system(), new SecureRandom());
    List<String> all = new ArrayList<>(Identities.EVERYWHERE);
    all.addAll(hosts);
    var _ = pki.chain(pki.server("apiserver", "kube-apiserver", "", all));
    var _ = pki.client("apiserver-peer", PeerIdentity.USER, "");
    var _ =
        pki.client(
            "apiserver-kubelet-client", "kube-apiserver-kubelet-client", Identities.ADMINISTRATORS);
    kubeconfig(
        pki, "admin", pki.personalClient("admin", "kubernetes-admin", Identities.ADMINISTRATORS));
    kubeconfig(
        pki,
        "controllers",
        pki.client(MetricsReader.NAME, MetricsReader.USER, MetricsReader.GROUP));
  }

  /**
   * Writes them into a Secret of the cluster this process runs on, unless that is there already.
   *
   * @return whether it was written
   * @throws StartFailure if the cluster refuses
   */
  public boolean keepIn(String namespace, String name) {
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      if (client.secrets().inNamespace(namespace).withName(name).get() != null) {
        return false;
      }
      write();
      Secret secret =
          new SecretBuilder()
              .withNewMetadata()
              .withNamespace(namespace)
              .withName(name)
              .endMetadata()
              .withData(contents())
              .build();
      client.resource(secret).create();
      return true;
    } catch (KubernetesClientException e) {
      throw new StartFailure("the cluster refuses: " + e.getMessage());
    }
  }

  private Map<String, String> contents() {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(file -> !file.endsWith("lock")).toList()) {
        contents.put(
            file.getFileName().toString(),
            Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory, e);
    }
    return contents;
  }

  private void kubeconfig(ClusterPki pki, String name, CertFiles client) {
    Kubeconfig.withCertificate(server, pki.authorityCertificate(), client)
        .write(directory.resolve(name + ".kubeconfig"));
  }
}
