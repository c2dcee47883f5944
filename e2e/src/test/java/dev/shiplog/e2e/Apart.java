package dev.shiplog.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What parts in processes of their own are told: all of it in one file.
 *
 * @param directory for that, for certificates and for what a node keeps
 * @param kafka bootstrap servers
 * @param collector where traces are sent
 * @param port of the API server
 */
record Apart(Path directory, String kafka, String collector, int port) {

  private static final Duration BOUND = Duration.ofMinutes(3);

  /** A Secret: the token of {@link #settings}, with which a node joins. */
  static final String TOKEN =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
      type: bootstrap.kubernetes.io/token
      stringData:
        token-id: abcdef
        token-secret: 0123456789abcdef
        usage-bootstrap-authentication: "true"
        auth-extra-groups: system:bootstrappers:kubeadm:default-node-token
      """;

  private static final String SETTINGS =
      """
      shiplog.kafka.bootstrap-servers=KAFKA
      shiplog.management.host=127.0.0.1
      shiplog.log.format=json
      shiplog.tracing.endpoint=COLLECTOR
      quarkus.http.host=127.0.0.1
      quarkus.http.ssl-port=PORT
      shiplog.api.serving-cert=PKI/apiserver-chain.crt
      shiplog.api.serving-key=PKI/apiserver.key
      shiplog.api.client-ca-file=PKI/ca.crt
      shiplog.api.cluster-signing-cert-file=PKI/ca.crt
      shiplog.api.cluster-signing-key-file=PKI/ca.key
      shiplog.api.kubelet-client-cert=PKI/apiserver-kubelet-client.crt
      shiplog.api.kubelet-client-key=PKI/apiserver-kubelet-client.key
      shiplog.api.service-account-key-file=PKI/sa.key
      shiplog.api.node-server-url=https://127.0.0.1:PORT
      shiplog.api.node-bootstrap-servers=KAFKA
      shiplog.controllers.root-ca-file=PKI/ca.crt
      shiplog.controllers.kubeconfig=PKI/controllers.kubeconfig
      shiplog.agent.server=127.0.0.1:PORT
      shiplog.agent.data-dir=DATA
      shiplog.agent.token=abcdef.0123456789abcdef
      shiplog.agent.ca-file=PKI/ca.crt
      shiplog.agent.runtime=simulated
      shiplog.agent.port=NODE_PORT
      shiplog.agent.name=apart
      """;

  /** Makes the certificates and the file. */
  Kubectl prepare() throws IOException {
    Path pki = directory.resolve("pki");
    List<String> certificates =
        List.of(
            Product.checkout().resolve("shiplog").toString(),
            "certificates",
            pki.toString(),
            "--server",
            "https://127.0.0.1:" + port);
    Run.of(certificates, Map.of(), BOUND).succeeded();
    Files.writeString(
        settings(),
        SETTINGS
            .replace("KAFKA", kafka)
            .replace("COLLECTOR", collector)
            .replace("PKI", pki.toString())
            .replace("DATA", directory.resolve("node").toString())
            .replace("NODE_PORT", "" + FreePort.next())
            .replace("PORT", "" + port));
    return Kubectl.with(pki.resolve("admin.kubeconfig"));
  }

  /** The file. */
  Path settings() {
    return directory.resolve("shiplog.properties");
  }
}
