package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * What a machine that is to become a node has to know: ConfigMap {@code cluster-info} in {@code
 * kube-public}. Its {@code kubeconfig} is what kubeadm puts there; the rest says where the log is.
 */
final class ClusterInfo {

  static final String NAMESPACE = "kube-public";
  static final String NAME = "cluster-info";

  private ClusterInfo() {}

  /**
   * The ConfigMap; empty if it is not said how nodes reach the API servers.
   *
   * @throws UncheckedIOException if the authority's certificate cannot be read
   */
  static Optional<ObjectNode> of(ApiConfig config, TopicsConfig topics) {
    return config.nodeServerUrl().map(url -> configMap(url, config, topics));
  }

  private static ObjectNode configMap(String url, ApiConfig config, TopicsConfig topics) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("apiVersion", "v1").put("kind", "ConfigMap");
    object.putObject("metadata").put("namespace", NAMESPACE).put("name", NAME);
    ObjectNode data = object.putObject("data");
    data.put("kubeconfig", kubeconfig(url, config.clientCaFile()));
    data.put("topics.prefix", topics.prefix());
    data.put("assignments.partitions", Integer.toString(topics.assignmentPartitions()));
    config
        .nodeBootstrapServers()
        .ifPresent(servers -> {
          data.put("kafka.bootstrap.servers", servers);
          data.put("kafka.security.protocol", config.nodeSecurityProtocol());
        });
    return object;
  }

  private static String kubeconfig(String url, Optional<Path> authority) {
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: ""
      cluster:
        server: %s
        certificate-authority-data: %s
    contexts: []
    current-context: ""
    users: []
    preferences: {}
    """
        .formatted(url, authority.map(ClusterInfo::base64).orElse(""));
  }

  private static String base64(Path file) {
    try {
      return Base64.getEncoder()
          .encodeToString(Files.readString(file).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
