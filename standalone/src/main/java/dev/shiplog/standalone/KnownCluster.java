package dev.shiplog.standalone;

import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.RenewingSslEngines;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * What a cluster tells those who are to become its nodes, in ConfigMap {@code cluster-info} of
 * {@code kube-public}.
 *
 * @param topics names of its topics
 * @param assignmentPartitions partitions of the assignments topic
 * @param kafka settings of its Kafka clients, as far as it tells them
 */
record KnownCluster(TopicNames topics, int assignmentPartitions, KafkaSettings kafka) {

  private static final String PLAIN = "PLAINTEXT";

  /**
   * Asks the cluster.
   *
   * @param identity file with the node's key and certificate, which a Kafka with TLS is shown
   * @throws StartFailure if it cannot be asked, or does not say enough
   */
  static KnownCluster ask(KubernetesClient client, JoinOptions options, Path identity) {
    try {
      ConfigMap info =
          client.configMaps().inNamespace("kube-public").withName("cluster-info").get();
      Map<String, String> data = info == null ? Map.of() : info.getData();
      options.token().ifPresent(token -> ClusterInfoSignature.check(data, token));
      return new KnownCluster(
          new TopicNames(data.getOrDefault("topics.prefix", TopicNames.DEFAULT_PREFIX)),
          Integer.parseInt(data.getOrDefault("assignments.partitions", "32")),
          kafka(data, options, identity));
    } catch (KubernetesClientException e) {
      throw new StartFailure("the cluster cannot be asked about itself: " + e.getMessage());
    }
  }

  private static KafkaSettings kafka(Map<String, String> data, JoinOptions options, Path identity) {
    String servers =
        options
            .kafka()
            .or(() -> Optional.ofNullable(data.get("kafka.bootstrap.servers")))
            .orElseThrow(() ->
                new StartFailure(
                    "the cluster does not say where nodes reach its Kafka: bring it up with "
                        + "--kafka-listen HOST:PORT, or give --kafka here"));
    Map<String, String> properties = new HashMap<>();
    String protocol = data.getOrDefault("kafka.security.protocol", PLAIN);
    properties.put("security.protocol", protocol);
    if (protocol.equals("SSL")) {
      properties.put("ssl.engine.factory.class", RenewingSslEngines.class.getName());
      properties.put("ssl.keystore.type", "PEM");
      properties.put("ssl.keystore.location", identity.toString());
      properties.put("ssl.truststore.type", "PEM");
      properties.put("ssl.truststore.location", options.authority().toString());
    }
    options.kafkaConfig().ifPresent(file -> properties.putAll(read(file)));
    return KafkaSettings.at(servers).as("shiplog-node-" + options.node()).with(properties);
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new StartFailure("cannot read --kafka-config: " + StartFailure.describe(e));
    }
    Map<String, String> read = new HashMap<>();
    properties.stringPropertyNames().forEach(name -> read.put(name, properties.getProperty(name)));
    return read;
  }
}
