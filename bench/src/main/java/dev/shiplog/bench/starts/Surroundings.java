package dev.shiplog.bench.starts;

import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Product;
import dev.shiplog.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;

/**
 * What parts find when they start: a Kafka, certificates, and one file of settings. One thread.
 *
 * @param directory where all of it is
 * @param port of the API server
 */
record Surroundings(Path root, Path directory, EmbeddedBroker kafka, int port)
    implements AutoCloseable {

  static final String API_SERVER = "api-server";

  private static final String ADMIN_TOKEN = "bench-administrator";
  private static final String NODE_TOKEN = "abcdef.0123456789abcdef";

  static Surroundings prepare(Path root) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("shiplog-bench");
    EmbeddedBroker kafka = EmbeddedBroker.start(directory.resolve("kafka"));
    Surroundings made = new Surroundings(root, directory, kafka, Part.freePort());
    made.shiplog("certificates", made.pki().toString(), "--server", made.server());
    Files.writeString(directory.resolve("tokens.csv"), ADMIN_TOKEN + ",admin,,system:masters\n");
    Files.writeString(
        made.settings(),
        SETTINGS
            .replace("KAFKA", kafka.bootstrapServers())
            .replace("DIRECTORY", directory.toString())
            .replace("NODE_TOKEN", NODE_TOKEN)
            .replace("NODE_PORT", Integer.toString(Part.freePort()))
            .replace("PORT", Integer.toString(made.port())));
    return made;
  }

  Path settings() {
    return directory.resolve("shiplog.properties");
  }

  /** Where the API server serves. */
  String server() {
    return "https://127.0.0.1:" + port;
  }

  /** An administrator. */
  Client client() throws GeneralSecurityException {
    return Product.client(port, ADMIN_TOKEN);
  }

  /** Lets the agent in. */
  void admitNode() throws GeneralSecurityException, IOException, InterruptedException {
    byte[] _ = client().send("POST", "/api/v1/namespaces/kube-system/secrets", SECRET, 201);
  }

  /** Runs a command to its end. */
  void shiplog(String... words) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(root.resolve("shiplog").toString());
    for (String word : words) {
      builder.command().add(word);
    }
    Process process = builder.inheritIO().start();
    if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException("shiplog " + words[0] + " did not work");
    }
  }

  @Override
  public void close() {
    kafka.close();
  }

  private Path pki() {
    return directory.resolve("pki");
  }

  private static final String SETTINGS =
      """
      shiplog.kafka.bootstrap-servers=KAFKA
      shiplog.kafka.replication-factor=1
      shiplog.management.host=127.0.0.1
      quarkus.http.host=127.0.0.1
      quarkus.http.ssl-port=PORT
      shiplog.api.token-file=DIRECTORY/tokens.csv
      shiplog.api.serving-cert=DIRECTORY/pki/apiserver-chain.crt
      shiplog.api.serving-key=DIRECTORY/pki/apiserver.key
      shiplog.api.client-ca-file=DIRECTORY/pki/ca.crt
      shiplog.api.cluster-signing-cert-file=DIRECTORY/pki/ca.crt
      shiplog.api.cluster-signing-key-file=DIRECTORY/pki/ca.key
      shiplog.api.kubelet-client-cert=DIRECTORY/pki/apiserver-kubelet-client.crt
      shiplog.api.kubelet-client-key=DIRECTORY/pki/apiserver-kubelet-client.key
      shiplog.api.service-account-key-file=DIRECTORY/pki/sa.key
      shiplog.api.node-server-url=https://127.0.0.1:PORT
      shiplog.api.node-bootstrap-servers=KAFKA
      shiplog.controllers.root-ca-file=DIRECTORY/pki/ca.crt
      shiplog.controllers.kubeconfig=DIRECTORY/pki/controllers.kubeconfig
      shiplog.agent.server=127.0.0.1:PORT
      shiplog.agent.data-dir=DIRECTORY/node
      shiplog.agent.token=NODE_TOKEN
      shiplog.agent.ca-file=DIRECTORY/pki/ca.crt
      shiplog.agent.runtime=simulated
      shiplog.agent.port=NODE_PORT
      shiplog.agent.name=bench
      """;

  private static final String SECRET =
      """
      {"apiVersion": "v1", "kind": "Secret", "type": "bootstrap.kubernetes.io/token",
       "metadata": {"name": "bootstrap-token-abcdef"},
       "stringData": {"token-id": "abcdef", "token-secret": "0123456789abcdef",
         "usage-bootstrap-authentication": "true",
         "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token"}}
      """;
}
