package dev.shiplog.standalone;

import dev.shiplog.standalone.UpOptions.RuntimeChoice;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Translates the launcher's options into the configuration that the API server and Quarkus read.
 */
final class ApiConfiguration {

  private final Map<String, String> settings = new LinkedHashMap<>();

  ApiConfiguration(UpOptions options, Kafka kafka, Identities identities) {
    listen(options, identities);
    settings.putAll(options.apiSettings());
    set("quarkus.log.file.path", options.data().log());
    set("shiplog.topics.prefix", options.prefix());
    set("shiplog.kafka.bootstrap-servers", kafka.bootstrapServers());
    set("shiplog.kafka.replication-factor", options.replication());
    // What looks like an expression is meant as it is.
    options
        .kafkaProperties()
        .forEach((name, value) ->
            set("shiplog.kafka.properties.\"" + name + "\"", value.replace("${", "\\${")));
    set("shiplog.api.history", options.history().toString());
    if (kafka.embedded().isPresent()) {
      // No network is between: compressing would take longer than it spares.
      set("shiplog.kafka.properties.\"compression.type\"", "none");
    }
    set("shiplog.api.token-file", options.data().tokenFile());
    set("shiplog.api.client-ca-file", identities.pki().authorityCertificate());
    set("shiplog.api.cluster-signing-cert-file", options.authority().resolve("ca.crt"));
    set("shiplog.api.cluster-signing-key-file", options.authority().resolve("ca.key"));
    set("shiplog.api.kubelet-client-cert", identities.kubeletClient().certificate());
    set("shiplog.api.kubelet-client-key", identities.kubeletClient().key());
    set("shiplog.api.service-account-key-file", identities.serviceAccountKey());
    options.kafka().ifPresent(shared -> share(options, identities));
    reach(options, kafka);
    if (options.runtime() != RuntimeChoice.SIMULATED && !options.without().agent()) {
      ways(options);
    }
  }

  /** How pods on this machine get to what it serves them. */
  private void ways(UpOptions options) {
    set("shiplog.api.cluster-dns-address", PodGateway.ADDRESS);
    if (ApiForPods.isNeeded(options.bind())) {
      set("shiplog.api.advertise-address", PodGateway.ADDRESS);
    }
  }

  /** By their names. */
  Map<String, String> settings() {
    return Collections.unmodifiableMap(settings);
  }

  /** Makes them system properties: those outrank every other source. */
  void apply() {
    settings.forEach(System::setProperty);
  }

  /** Others may be, or come to be, on the same Kafka. */
  private void share(UpOptions options, Identities identities) {
    set("shiplog.api.server-id", options.peerAddress());
    set("shiplog.api.peer-address", options.peerAddress());
    set("shiplog.api.peer-cert", identities.peer().certificate());
    set("shiplog.api.peer-key", identities.peer().key());
  }

  /** What machines are told that are to become nodes. */
  private void reach(UpOptions options, Kafka kafka) {
    if (options.kafkaListen().isEmpty() && options.kafka().isEmpty()) {
      return;
    }
    set("shiplog.api.node-server-url", "https://" + options.peerAddress());
    set("shiplog.api.node-bootstrap-servers", kafka.forNodes().orElse(kafka.bootstrapServers()));
    if (kafka.forNodes().isPresent()) {
      set("shiplog.api.node-security-protocol", "SSL");
    }
  }

  private void listen(UpOptions options, Identities identities) {
    set("quarkus.http.host", options.bind());
    set("quarkus.http.ssl-port", options.port());
    set("quarkus.tls.key-store.pem.apiserver.cert", identities.pki().chain(identities.apiServer()));
    set("quarkus.tls.key-store.pem.apiserver.key", identities.apiServer().key());
    set("quarkus.tls.trust-store.pem.certs", identities.pki().authorityCertificate());
  }

  private void set(String name, Path file) {
    set(name, file.toString());
  }

  private void set(String name, int value) {
    set(name, Integer.toString(value));
  }

  private void set(String name, String value) {
    settings.put(name, value);
  }
}
