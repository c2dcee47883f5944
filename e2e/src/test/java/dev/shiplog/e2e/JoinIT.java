package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process becomes a node of a cluster with what {@code token create} prints. */
final class JoinIT {

  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final String KAFKA = "127.0.0.1:" + FreePort.next();

  @TempDir private static Path directory;
  private static WebhookProgram outside;
  private static Product product;
  private static Kubectl kubectl;

  @BeforeAll
  static void joinACluster() throws Exception {
    outside = new WebhookProgram(directory, JoinIT::knowsOne);
    Path kubeconfig = directory.resolve("webhook.kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        clusters: [{name: w, cluster: {server: "%s", certificate-authority-data: %s}}]
        contexts: [{name: w, context: {cluster: w}}]
        current-context: w
        """
            .formatted(outside.url(), outside.caBundle()));
    product =
        Product.on(
            directory.resolve("data"),
            "--runtime",
            "simulated",
            "--kafka-listen",
            KAFKA,
            "--authentication-token-webhook-config-file",
            kubeconfig.toString());
    product.up();
    kubectl = product.kubectl();
    var _ = join(newToken()).succeeded();
  }

  @AfterAll
  static void stop() {
    shiplog("down", "--data-dir", node().toString());
    product.close();
    outside.close();
  }

  private static String knowsOne(String review) {
    return review.contains("\"token\":\"outside-token\"")
        ? "{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"outsider\","
            + "\"groups\":[\"system:masters\"]}}}"
        : "{\"status\":{\"authenticated\":false}}";
  }

  private static Path node() {
    return directory.resolve("node");
  }

  private static Run shiplog(String... arguments) {
    return product.run(List.of(arguments), BOUND);
  }

  /** What follows {@code ./shiplog} in the line that a person copies. */
  private static List<String> newToken() {
    String line = shiplog("token", "create").succeeded().lines().getLast();
    assertThat(line).startsWith("./shiplog join ");
    return List.of(line.substring("./shiplog ".length()).split(" "));
  }

  private static Run join(List<String> line) {
    List<String> arguments = new ArrayList<>(line);
    arguments.addAll(
        List.of(
            "--data-dir",
            node().toString(),
            "--name",
            "edge",
            "--port",
            "" + FreePort.next(),
            "--label",
            "place=edge",
            "--runtime",
            "simulated",
            "--detach"));
    return product.run(arguments, BOUND);
  }

  @Test
  void theNodeRunsPodsAndTellsTheirLogs() {
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: remote}
        spec:
          nodeSelector: {place: edge}
          containers: [{name: c, image: busybox}]
        """);

    kubectl.await("get pod remote -o jsonpath={.status.phase}/{.spec.nodeName}", "Running/edge");
    kubectl.await(
        "get csr -o jsonpath={.items[?(@.spec.signerName==\"kubernetes.io/kubelet-serving\")]"
            + ".status.conditions[*].type}",
        "Approved");
    kubectl.ok("logs remote");
  }

  @Test
  void theNodeIsItselfAndNothingMore() {
    String identity = node().resolve("pki/node-client.pem").toString();
    String as =
        "--kubeconfig=/dev/null --server=%s --certificate-authority=%s"
                .formatted(product.server(), node().resolve("pki/ca.crt"))
            + " --client-certificate=%s --client-key=%s ".formatted(identity, identity);

    assertThat(kubectl.ok(as + "auth whoami -o jsonpath={.status.userInfo.username}"))
        .isEqualTo("system:node:edge");
    assertThat(kubectl.run(as + "get secrets -A").failed().toString()).contains("Forbidden");
    assertThat(kubectl.run(as + "delete node node-1").failed().toString()).contains("Forbidden");
  }

  @Test
  void theNodesOfTheClusterItselfAreNoAdministratorsEither() {
    String lease = "get lease node-1 -n kube-node-lease -o jsonpath={.metadata.name}";
    assertThat(kubectl.ok(lease)).isEqualTo("node-1");
    try (var consumer = new KafkaConsumer<>(atHome(), strings(), strings())) {
      TopicPartition audit = new TopicPartition("shiplog.audit", 0);
      consumer.assign(List.of(audit));
      consumer.seekToBeginning(List.of(audit));
      List<String> found = new ArrayList<>();
      long end = consumer.endOffsets(List.of(audit)).get(audit);
      while (consumer.position(audit) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(record -> found.add(record.value()));
      }
      assertThat(found)
          .filteredOn(event -> event.contains("\"resource\":\"leases\""))
          .filteredOn(event -> event.contains("kube-node-lease"))
          .isNotEmpty()
          .allMatch(event -> event.contains("\"username\":\"system:node:"));
    }
  }

  @Test
  void fromKafkaTheNodeReadsWhatConcernsNodesAndWritesNothing() {
    try (var consumer = new KafkaConsumer<>(asNode(), strings(), strings())) {
      assertThat(consumer.partitionsFor("shiplog.assignments")).isNotEmpty();
      TopicPartition services = new TopicPartition("shiplog.store.services", 0);
      consumer.assign(List.of(services));
      consumer.seekToBeginning(List.of(services));
      assertThat(consumer.poll(Duration.ofSeconds(30)).count()).isPositive();
      for (String topic : List.of("shiplog.journal", "shiplog.audit", "shiplog.store.secrets")) {
        assertThatThrownBy(() -> consumer.partitionsFor(topic))
            .as(topic)
            .isInstanceOf(TopicAuthorizationException.class);
      }
    }
    Map<String, Object> plain = new java.util.HashMap<>(asNode());
    plain.put("enable.idempotence", false);
    try (var producer =
        new KafkaProducer<>(plain, new StringSerializer(), new StringSerializer())) {
      for (String topic : List.of("shiplog.assignments", "shiplog.commands")) {
        assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, "k", "v")).get())
            .as(topic)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(TopicAuthorizationException.class);
      }
    }
  }

  @Test
  void startedAgainItNeedsNoToken() {
    shiplog("down", "--data-dir", node().toString()).succeeded();
    String server = product.server().substring("https://".length());

    assertThat(join(List.of("join", server)).succeeded().lines().getLast()).startsWith("ready");
  }

  @Test
  void aTokenThatOnlyAWebhookKnowsOpensTheDoorAndLosesNoBody() {
    String as =
        "--kubeconfig=/dev/null --server=%s --certificate-authority=%s --token="
            .formatted(product.server(), node().resolve("pki/ca.crt"));

    kubectl.ok(as + "outside-token create configmap outside --from-literal=a=b");

    assertThat(kubectl.ok("get configmap outside -o jsonpath={.data.a}")).isEqualTo("b");
    assertThat(kubectl.run(as + "unknown get configmaps").failed().toString())
        .contains("Unauthorized");
  }

  @Test
  void aServerWithAnotherAuthorityGetsNoToken() {
    List<String> line = new ArrayList<>(newToken());
    line.set(line.size() - 1, "sha256:" + "0".repeat(64));
    line.addAll(List.of("--data-dir", directory.resolve("stranger").toString()));
    line.addAll(List.of("--runtime", "simulated"));

    assertThat(product.run(line, BOUND).failed().toString()).contains("shows no authority with");
  }

  @Test
  void aTokenThatWasDeletedOpensNothing() {
    List<String> line = new ArrayList<>(newToken());
    String token = line.get(line.indexOf("--token") + 1);
    shiplog("token", "delete", token).succeeded();
    assertThat(shiplog("token", "list").succeeded().toString()).doesNotContain(token);
    line.addAll(List.of("--data-dir", directory.resolve("late").toString()));
    line.addAll(List.of("--name", "late", "--runtime", "simulated"));

    assertThat(product.run(line, BOUND).failed().toString()).contains("refuses this node");
    assertThat(kubectl.ok("get nodes -o name")).doesNotContain("late");
  }

  private static Map<String, Object> atHome() {
    return Map.of("bootstrap.servers", product.kafka(), "isolation.level", "read_committed");
  }

  private static Map<String, Object> asNode() {
    return Map.of(
        "bootstrap.servers",
        KAFKA,
        "security.protocol",
        "SSL",
        "ssl.keystore.type",
        "PEM",
        "ssl.keystore.location",
        node().resolve("pki/node-client.pem").toString(),
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        node().resolve("pki/ca.crt").toString());
  }

  private static StringDeserializer strings() {
    return new StringDeserializer();
  }
}
