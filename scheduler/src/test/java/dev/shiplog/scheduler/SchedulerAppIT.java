package dev.shiplog.scheduler;

import static dev.shiplog.scheduler.testing.Objects.json;
import static dev.shiplog.scheduler.testing.Objects.podJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.streams.kit.kafka.StreamsSettings;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.record.RecordHeaders;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scheduler on a real Kafka; the test answers its commands as an API server would. */
class SchedulerAppIT {

  private static final TopicNames NAMES = new TopicNames("it");
  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final StorageResource NODES = StorageResource.of("nodes", "");
  private static final Set<StorageResource> RESOURCES =
      Set.of(
          PODS,
          NODES,
          StorageResource.of("namespaces", ""),
          StorageResource.of("poddisruptionbudgets", "policy"),
          StorageResource.of("persistentvolumeclaims", ""),
          StorageResource.of("persistentvolumes", ""),
          StorageResource.of("storageclasses", "storage.k8s.io"),
          StorageResource.of("csidrivers", "storage.k8s.io"),
          StorageResource.of("csinodes", "storage.k8s.io"),
          StorageResource.of("csistoragecapacities", "storage.k8s.io"),
          StorageResource.of("services", ""),
          StorageResource.of("replicationcontrollers", ""),
          StorageResource.of("replicasets", "apps"),
          StorageResource.of("statefulsets", "apps"));

  @TempDir private Path directory;
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final Map<String, ObjectNode> pods = new TreeMap<>();
  private EmbeddedBroker broker;
  private TopicLog log;
  private LogWriter writer;
  private LogReader commands;
  private SchedulerApp scheduler;
  private long revision;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.start(directory);
    log = new KafkaTopicLog(KafkaSettings.at(broker.bootstrapServers()));
    log.ensureTopics(
        new TopicCatalogue(NAMES, 1, TopicCatalogue.DEFAULT_ASSIGNMENT_PARTITIONS).all(RESOURCES));
    writer = log.openWriter();
    commands = log.openReader(Isolation.READ_COMMITTED);
    commands.assign(Map.of(Partition.only(NAMES.commands()), 0L));
    startScheduler();
  }

  private void startScheduler() {
    scheduler =
        new SchedulerApp(StreamsSettings.alone(broker.bootstrapServers(), NAMES), log, faults);
    scheduler.start();
  }

  @AfterEach
  void stop() {
    scheduler.close();
    commands.close();
    writer.close();
    log.close();
    broker.close();
    faults.assertNone();
  }

  @Test
  void itBindsWhatFitsAndGoesOnAfterARestart() {
    put(
        NODES,
        "n",
        json(
            """
            {metadata: {name: 'n', uid: 'u'},
             status: {allocatable: {cpu: '4', memory: '1Gi', pods: '9'}}}
            """));
    pod("a", "1");
    pod("b", "1");
    awaitBound("default/a", "default/b");

    scheduler.close();
    pod("c", "3");
    pod("d", "2");
    startScheduler();
    awaitBound("default/d");
    assertThat(nodeOf(pods.get("default/c"))).isEmpty();
  }

  private void awaitBound(String... keys) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          commands.poll(Duration.ofMillis(20)).forEach(this::answer);
          return List.of(keys).stream().noneMatch(key -> nodeOf(pods.get(key)).isEmpty());
        });
  }

  private static String nodeOf(JsonNode pod) {
    return pod.at("/spec/nodeName").asText();
  }

  private void answer(StoredRecord record) {
    Command command = Json.read(record.record().value(), Command.class);
    if (command.verb() == Verb.BIND) {
      for (JsonNode binding : command.body().path("bindings")) {
        String key = binding.path("namespace").asText() + "/" + binding.path("name").asText();
        ObjectNode bound = pods.get(key).deepCopy();
        ((ObjectNode) bound.get("spec")).set("nodeName", binding.get("node"));
        putPod(key, bound);
      }
    }
    Outcome outcome =
        new Outcome(
            command.id(),
            command.application(),
            command.generation(),
            record.offset(),
            0,
            revision,
            new CommandResult(200, "", "", "pods", command.target() == null ? 0 : revision));
    append(NAMES.outcomes(), command.key(), Json.bytes(outcome));
  }

  private void pod(String name, String cpu) {
    putPod(
        "default/" + name,
        podJson(name, "{spec: {containers: [{resources: {requests: {cpu: '" + cpu + "'}}}]}}"));
  }

  private void putPod(String key, ObjectNode pod) {
    pods.put(key, pod);
    put(PODS, key, pod);
  }

  private void put(StorageResource resource, String key, JsonNode object) {
    ((ObjectNode) object.get("metadata")).put("resourceVersion", Long.toString(++revision));
    append(NAMES.store(resource), key, Json.bytes(object));
  }

  private void append(String topic, String key, byte[] value) {
    byte[] header = Long.toString(revision).getBytes(StandardCharsets.UTF_8);
    writer
        .append(
            Partition.only(topic),
            new LogRecord(
                key.getBytes(StandardCharsets.UTF_8),
                value,
                1_000_000_000_000L,
                Map.of(RecordHeaders.REVISION, header)))
        .join();
  }
}
