package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.e2e.TraceCollector.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody asks for is one trace, from the request to the containers that run for it. */
final class TracingIT {

  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir private static Path directory;
  private static TraceCollector collector;
  private static Product product;
  private static Kubectl kubectl;

  @BeforeAll
  static void bringUp() throws IOException {
    collector = TraceCollector.start();
    product =
        Product.on(
            directory.resolve("data"), "--runtime", "simulated", "--tracing", collector.url());
    product.up();
    kubectl = product.kubectl();
  }

  @AfterAll
  static void takeDown() {
    if (product != null) {
      product.close();
    }
    collector.close();
  }

  @Test
  void aDeploymentIsOneTraceThatEndsInContainersStarted() {
    kubectl.ok("create deployment web --image=busybox:stable --replicas=2");
    kubectl.await("get deployment web -o jsonpath={.status.availableReplicas}", "2");

    String trace = traceOf("deployments", "web");
    Awaitility.await("the trace's steps")
        .atMost(LONG)
        .until(() -> count(trace, "start container") == 2 && count(trace, "report status") >= 2);
    assertThat(collector.of(trace))
        .extracting(Step::name)
        .contains(
            "create deployments",
            "append to journal",
            "project",
            "deployment-controller",
            "command create replicasets",
            "replicaset-controller",
            "command create pods",
            "schedule",
            "command bind pods",
            "start sandbox",
            "start container",
            "report status",
            "patch pods/status",
            "command patch deployments");
    assertThat(collector.of(trace)).filteredOn(step -> step.parent().isEmpty()).hasSize(1);
    assertThat(collector.parents(trace, "append to journal"))
        .contains("create deployments", "command create pods", "command bind pods");
    Awaitility.await("every step follows from one of the trace")
        .atMost(LONG)
        .until(() -> orphans(trace).isEmpty());
  }

  @Test
  void whatItLeadsToIsToldFromTheLogAlone() {
    kubectl.ok("create deployment told --image=busybox:stable");
    kubectl.await("get deployment told -o jsonpath={.status.availableReplicas}", "1");

    String tree =
        product.run(List.of("trace", "deployment/told"), Duration.ofSeconds(60)).succeeded().out();

    assertThat(tree.lines().findFirst()).hasValue("trace " + traceOf("deployments", "told"));
    assertThat(tree).contains("deployment/told", "replicaset/told-", "containers started");
  }

  @Test
  void aClientsTraceIsGoneOnWith() {
    String theirs = "0af7651916cd43dd8448eb211c80319c";
    String body =
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"theirs\"},"
            + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"busybox:stable\"}]}}";

    post("/api/v1/namespaces/default/pods", body, "00-" + theirs + "-b7ad6b7169203331-01");
    kubectl.await("get pod theirs -o jsonpath={.status.phase}", "Running");

    assertThat(traceOf("pods", "theirs")).isEqualTo(theirs);
    Awaitility.await("their trace").atMost(LONG).until(() -> count(theirs, "start container") == 1);
    assertThat(collector.of(theirs))
        .filteredOn(step -> step.name().equals("create pods"))
        .singleElement()
        .extracting(Step::parent)
        .isEqualTo("b7ad6b7169203331");
  }

  @Test
  void theTraceIsInTheHeadersOfWhateverIsWrittenForIt() {
    kubectl.ok("create deployment marked --image=busybox:stable");
    kubectl.await("get deployment marked -o jsonpath={.status.availableReplicas}", "1");
    String trace = traceOf("deployments", "marked");

    for (String topic :
        List.of(
            "shiplog.journal",
            "shiplog.store.deployments.apps",
            "shiplog.store.pods",
            "shiplog.commands",
            "shiplog.assignments",
            "shiplog.audit")) {
      assertThat(traces(topic)).as(topic).contains(trace);
    }
  }

  /** What the log says of the object's creation. */
  private static String traceOf(String resource, String name) {
    String selector =
        "--field-selector object.resource=%s,object.name=%s".formatted(resource, name);
    return kubectl.ok("get changes " + selector + " -o jsonpath={.items[0].request.traceID}");
  }

  private static long count(String trace, String name) {
    return collector.of(trace).stream().filter(step -> step.name().equals(name)).count();
  }

  /** Steps whose parent did not come. */
  private static List<Step> orphans(String trace) {
    Set<String> known = collector.of(trace).stream().map(Step::id).collect(Collectors.toSet());
    return collector.of(trace).stream()
        .filter(step -> !step.parent().isEmpty() && !known.contains(step.parent()))
        .toList();
  }

  private static void post(String path, String body, String traceparent) {
    List<String> command =
        List.of(
            "curl",
            "-sS",
            "--fail",
            "--max-time",
            "20",
            "--cacert",
            product.data().resolve("pki/ca.crt").toString(),
            "-H",
            "Authorization: Bearer " + product.adminToken(),
            "-H",
            "Content-Type: application/json",
            "-H",
            "traceparent: " + traceparent,
            "-d",
            body,
            product.server() + path);
    Run.of(command, Map.of(), Duration.ofSeconds(30)).succeeded();
  }

  private static Set<String> traces(String topic) {
    List<String> found = new ArrayList<>();
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", product.kafka(),
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(each -> new TopicPartition(topic, each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          Header header = record.headers().lastHeader("traceparent");
          if (header != null) {
            found.add(new String(header.value(), StandardCharsets.UTF_8).substring(3, 35));
          }
        }
      }
    }
    return Set.copyOf(found);
  }
}
