package dev.shiplog.streams.kit.kafka;

import dev.shiplog.streams.kit.Application;
import dev.shiplog.streams.kit.core.CatchUp;
import dev.shiplog.streams.kit.testing.Engine;
import dev.shiplog.streams.kit.testing.StoreRecord;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.record.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The whole topology, as Kafka Streams runs it, in its test driver. One thread. */
public final class TopologyEngine implements Engine {

  private static final TopicNames NAMES = new TopicNames("test");

  private final TopologyTestDriver driver;
  private final TestOutputTopic<String, byte[]> commands;
  private final Map<String, TestInputTopic<String, byte[]>> inputs = new HashMap<>();
  private Instant clock;

  /** See {@link Engine.Factory}. */
  public TopologyEngine(
      Supplier<Application> applications,
      List<StoreRecord> compacted,
      CatchUp backlog,
      Instant now) {
    clock = now;
    driver =
        new TopologyTestDriver(
            new ApplicationTopology(applications, NAMES).build(progress -> backlog),
            StreamsSettings.alone("nowhere:1", NAMES).properties("controllers"),
            now);
    commands =
        driver.createOutputTopic(
            NAMES.commands(), new StringDeserializer(), new ByteArrayDeserializer());
    compacted.forEach(record -> read(record, now));
  }

  @Override
  public void read(StoreRecord record, Instant now) {
    time(now);
    TestRecord<String, byte[]> read =
        new TestRecord<>(record.key(), record.value(), Instant.ofEpochMilli(record.timestampMs()));
    read.headers()
        .add(
            new RecordHeader(
                RecordHeaders.REVISION,
                Long.toString(record.revision()).getBytes(StandardCharsets.UTF_8)));
    input(NAMES.store(record.resource())).pipeInput(read);
  }

  @Override
  public void outcome(Outcome outcome, Instant now) {
    time(now);
    input(NAMES.outcomes()).pipeInput("any", Json.bytes(outcome));
  }

  @Override
  public void time(Instant now) {
    if (now.isAfter(clock)) {
      driver.advanceWallClockTime(Duration.between(clock, now));
      clock = now;
    }
  }

  @Override
  public List<Command> drain() {
    return commands.isEmpty()
        ? List.of()
        : commands.readValuesToList().stream()
            .map(value -> Json.read(value, Command.class))
            .toList();
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return inputs.computeIfAbsent(
        topic,
        name -> driver.createInputTopic(name, new StringSerializer(), new ByteArraySerializer()));
  }

  @Override
  public void close() {
    driver.close();
  }
}
