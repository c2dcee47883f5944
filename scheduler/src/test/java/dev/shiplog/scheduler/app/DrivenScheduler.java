package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.scheduler.config.ConfigurationReader;
import dev.shiplog.scheduler.config.SchedulerConfiguration;
import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.scheduler.testing.Objects;
import dev.shiplog.streams.kit.kafka.ApplicationTopology;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.record.RecordHeaders;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The scheduler's topology, driven by hand: objects and outcomes in, commands out. */
final class DrivenScheduler implements AutoCloseable {

  static final StorageResource PODS = StorageResource.of("pods", "");
  static final StorageResource NODES = StorageResource.of("nodes", "");

  private static final SchedulerConfiguration DEFAULTS =
      new ConfigurationReader(List.of()).byDefault();
  private static final TopicNames NAMES = new TopicNames("test");
  private static final RandomGenerator FIRST = () -> 0;
  private static final SchedulerMetrics METRICS =
      new SchedulerMetrics(new SimpleMeterRegistry(), () -> 0);

  private final TopologyTestDriver driver =
      new TopologyTestDriver(
          new ApplicationTopology(() -> new SchedulerApplication(DEFAULTS, FIRST, METRICS), NAMES)
              .build(),
          properties(),
          Instant.parse("2026-01-01T00:00:00Z"));
  private final TestOutputTopic<String, byte[]> commands =
      driver.createOutputTopic(
          NAMES.commands(), new StringDeserializer(), new ByteArrayDeserializer());
  private final Map<String, TestInputTopic<String, byte[]>> inputs = new HashMap<>();
  private Command begun;
  private long revision;

  private static Properties properties() {
    Properties properties = new Properties();
    properties.put("application.id", "scheduler");
    properties.put("bootstrap.servers", "nowhere:1");
    return properties;
  }

  /** Lets it become the active scheduler. */
  void begin() {
    pass(Duration.ofMillis(20));
    begun = commands().getLast();
    outcome(begun, new CommandResult(200, "", "", "", 0));
  }

  /** A successor has begun. */
  void depose() {
    Outcome successors =
        new Outcome(
            begun.id(),
            begun.application(),
            begun.generation() + 1,
            0,
            0,
            0,
            new CommandResult(200, "", "", "", 0));
    pipe(NAMES.outcomes(), begun.key(), Json.bytes(successors));
  }

  /** Longer than it rests between decisions. */
  void rest() {
    pass(Duration.ofMillis(20));
  }

  void pass(Duration time) {
    driver.advanceWallClockTime(time);
  }

  /** The commands since the last call. */
  List<Command> commands() {
    return commands.readValuesToList().stream()
        .map(value -> Json.read(value, Command.class))
        .toList();
  }

  /** A pod of namespace {@code default} as {@link Objects#podJson} makes it. */
  long pod(String name, String json) {
    return put(PODS, "default/" + name, Objects.podJson(name, json));
  }

  /** A node with 4 cores. */
  long node(String name) {
    return put(
        NODES,
        name,
        Objects.json(
            """
            {metadata: {name: '%s', uid: 'uid-%s'},
             status: {allocatable: {cpu: '4', memory: '16Gi', pods: '110'}}}
            """
                .formatted(name, name)));
  }

  /** Puts an object into its store topic, at the next revision. */
  long put(StorageResource resource, String key, JsonNode object) {
    ((ObjectNode) object.get("metadata")).put("resourceVersion", Long.toString(++revision));
    pipe(NAMES.store(resource), key, Json.bytes(object));
    return revision;
  }

  long delete(StorageResource resource, String key) {
    revision++;
    pipe(NAMES.store(resource), key, null);
    return revision;
  }

  void accepted(Command command, long podsRevision) {
    outcome(command, new CommandResult(201, "", "", "pods", podsRevision));
  }

  void refused(Command command, long podsRevision) {
    outcome(command, new CommandResult(409, "Conflict", "no", "pods", podsRevision));
  }

  private void outcome(Command command, CommandResult result) {
    Outcome outcome =
        new Outcome(
            command.id(), command.application(), command.generation(), 0, 0, revision, result);
    pipe(NAMES.outcomes(), command.key(), Json.bytes(outcome));
  }

  private void pipe(String topic, String key, byte[] value) {
    TestRecord<String, byte[]> record = new TestRecord<>(key, value);
    byte[] header = Long.toString(revision).getBytes(StandardCharsets.UTF_8);
    record.headers().add(new RecordHeader(RecordHeaders.REVISION, header));
    inputs
        .computeIfAbsent(
            topic,
            name ->
                driver.createInputTopic(name, new StringSerializer(), new ByteArraySerializer()))
        .pipeInput(record);
  }

  @Override
  public void close() {
    driver.close();
  }
}
