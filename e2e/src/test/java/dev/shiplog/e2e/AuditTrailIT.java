package dev.shiplog.e2e;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Anyone with a Kafka consumer can see what changed, in order, and who did it. */
@ExtendWith(SimulatedCluster.class)
final class AuditTrailIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Product product;
  private final Kubectl kubectl;

  AuditTrailIT(Product product, Kubectl kubectl) {
    this.product = product;
    this.kubectl = kubectl;
  }

  @Test
  void theStoreTopicShowsADeploymentsChangesInRevisionOrder() {
    kubectl.ok("create deployment audited --image=busybox:stable --replicas=0");
    kubectl.ok("scale deployment audited --replicas=1");
    kubectl.ok("delete deployment audited");

    List<ConsumerRecord<String, String>> records =
        awaitRecords(
            "shiplog.store.deployments.apps",
            "default/audited",
            found -> !found.isEmpty() && found.getLast().value() == null);

    List<Long> revisions = records.stream().map(AuditTrailIT::revision).toList();
    assertThat(revisions).hasSizeGreaterThanOrEqualTo(3).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void theAuditTopicSaysWhoDidIt() throws Exception {
    kubectl.ok("create configmap whodunit --from-literal=a=b");
    kubectl.ok("delete configmap whodunit");

    List<ConsumerRecord<String, String>> records =
        awaitRecords("shiplog.audit", null, found -> audited(found, "whodunit").size() >= 2);

    List<JsonNode> events = audited(records, "whodunit");
    assertThat(events).extracting(e -> e.at("/verb").asText()).containsExactly("create", "delete");
    assertThat(events)
        .allSatisfy(e -> {
          assertThat(e.at("/user/username").asText()).isEqualTo("kubernetes-admin");
          assertThat(e.at("/kind").asText()).isEqualTo("Event");
          assertThat(e.at("/apiVersion").asText()).isEqualTo("audit.k8s.io/v1");
        });
  }

  @Test
  void contentsOfSecretsAreNotInTheAuditTopic() {
    kubectl.ok("create secret generic hidden --from-literal=password=open-sesame");

    List<ConsumerRecord<String, String>> records =
        awaitRecords("shiplog.audit", null, found -> !audited(found, "hidden").isEmpty());

    assertThat(records)
        .extracting(ConsumerRecord::value)
        .noneMatch(value -> value.contains("b3Blbi1zZXNhbWU=") || value.contains("open-sesame"));
  }

  @Test
  void whoIsRefusedIsInTheAuditTopic() {
    kubectl.run("get secrets refused --as=nobody --as-group=nothing").failed();

    List<ConsumerRecord<String, String>> records =
        awaitRecords("shiplog.audit", null, found -> !audited(found, "refused").isEmpty());

    JsonNode event = audited(records, "refused").getFirst();
    assertThat(event.at("/responseStatus/code").asInt()).isEqualTo(403);
    assertThat(event.at("/user/username").asText()).isEqualTo("kubernetes-admin");
    assertThat(event.at("/impersonatedUser/username").asText()).isEqualTo("nobody");
  }

  /** Each way in which something secret comes in leaves a canary, to be looked for everywhere. */
  @Test
  void canariesInSecretsAndTokensSingNeitherInTheAuditTopicNorInTheLogNorInMetrics()
      throws Exception {
    kubectl.ok("create secret generic eggs --from-literal=literal=canary-literal-81");
    kubectl.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: birds}
        stringData: {applied: canary-applied-82}
        """);
    kubectl.ok("patch secret birds -p {\"stringData\":{\"patched\":\"canary-patched-83\"}}");
    String issued = kubectl.ok("create token default");
    kubectl
        .run(
            "get secrets --kubeconfig=/dev/null --token=canary-token-84 --server=%s"
                    .formatted(product.server())
                + " --certificate-authority="
                + product.data().resolve("pki/ca.crt"))
        .failed();
    kubectl.ok("get secret birds -o name");
    kubectl.ok("delete secret eggs");
    kubectl.ok("delete secret birds");

    List<ConsumerRecord<String, String>> records =
        awaitRecords(
            "shiplog.audit",
            null,
            found ->
                audited(found, "birds").stream()
                    .anyMatch(event -> event.at("/verb").asText().equals("delete")));
    String everywhere =
        records.stream().map(record -> record.key() + record.value()).collect(joining("\n"))
            + Files.readString(product.data().resolve("shiplog.log"))
            + kubectl.run("get --raw /metrics");
    for (String canary :
        List.of("canary-literal-81", "canary-applied-82", "canary-patched-83", "canary-token-84")) {
      String encoded = Base64.getEncoder().encodeToString(canary.getBytes(StandardCharsets.UTF_8));
      assertThat(everywhere.contains(canary)).as(canary).isFalse();
      assertThat(everywhere.contains(encoded)).as(encoded).isFalse();
    }
    String signature = issued.substring(issued.lastIndexOf('.') + 1);
    assertThat(signature).isNotEmpty();
    assertThat(everywhere.contains(signature)).as("a token that was issued").isFalse();
  }

  private static List<JsonNode> audited(List<ConsumerRecord<String, String>> records, String name) {
    return records.stream()
        .map(record -> parse(record.value()))
        .filter(event -> event.at("/objectRef/name").asText().equals(name))
        .toList();
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }

  private static long revision(ConsumerRecord<String, String> record) {
    return Long.parseLong(
        new String(
            record.headers().lastHeader("shiplog-revision").value(), StandardCharsets.UTF_8));
  }

  /** All records of a topic (with this key, unless it is null), once they are as expected. */
  private List<ConsumerRecord<String, String>> awaitRecords(
      String topic, String key, Predicate<List<ConsumerRecord<String, String>>> enough) {
    List<ConsumerRecord<String, String>> found = new ArrayList<>();
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", product.kafka(),
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      Awaitility.await(topic)
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
              if (key == null || key.equals(record.key())) {
                found.add(record);
              }
            }
            return enough.test(found);
          });
    }
    return found;
  }
}
