package dev.shiplog.streams.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.ResourceTypes;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.streams.kit.core.ControllerCore;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.record.RecordHeaders;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApplicationTopologyTest {

  private static final TopicNames NAMES = new TopicNames("test");

  private final RecordingFaultHandler bugs = new RecordingFaultHandler();
  private final ApplicationTopology topology =
      new ApplicationTopology(
          () -> new ControllerCore("controllers", List.of(new Accounts()), new Random(1), bugs),
          NAMES);
  private final TopologyTestDriver driver =
      new TopologyTestDriver(
          topology.build(),
          StreamsSettings.alone("nowhere:1", NAMES).properties("controllers"),
          Instant.parse("2026-01-01T00:00:00Z"));
  private final TestOutputTopic<String, byte[]> commands =
      driver.createOutputTopic(
          NAMES.commands(), new StringDeserializer(), new ByteArrayDeserializer());
  private long revision;

  @AfterEach
  void close() {
    driver.close();
    bugs.assertNone();
  }

  @Test
  void itReadsStoreTopicsAndOutcomesAndWritesCommands() {
    assertThat(topology.topics())
        .containsExactlyInAnyOrder(
            "test.store.namespaces",
            "test.store.serviceaccounts",
            "test.outcomes",
            "test.commands");
  }

  @Test
  void itIsOneTask() {
    assertThat(topology.build().describe().subtopologies()).hasSize(1);
  }

  @Test
  void aProcessThatBecomesActiveBeginsFirst() {
    namespace("a");
    driver.advanceWallClockTime(ApplicationProcessor.TICK);

    assertThat(next().verb()).isEqualTo(Verb.BEGIN);
    assertThat(commands.isEmpty()).isTrue();
  }

  @Test
  void aChangeBecomesACommandUnderItsObjectsKey() {
    begin();

    namespace("a");

    TestRecord<String, byte[]> record = commands.readRecord();
    Command command = Json.read(record.value(), Command.class);
    assertThat(record.key()).isEqualTo(command.key()).isEqualTo("serviceaccounts./a/default");
    assertThat(command.verb()).isEqualTo(Verb.CREATE);
  }

  @Test
  void anOutcomeEndsTheRestWhenTheSourceIsThere() {
    begin();
    namespace("a");
    Command create = next();
    namespace("a");
    assertThat(commands.isEmpty()).isTrue();

    outcome(create, new CommandResult(409, "Conflict", "no", "serviceaccounts", 0));

    assertThat(next().verb()).isEqualTo(Verb.CREATE);
  }

  @Test
  void timePassesWithoutRecords() {
    begin();
    namespace("a");
    next();

    driver.advanceWallClockTime(Duration.ofSeconds(11));

    assertThat(next().verb()).isEqualTo(Verb.CREATE);
  }

  /** Or it would wait for that record when this process acts again after it stood by. */
  @Test
  void whatIsReadWhileActingIsReadForGood() {
    begin();

    namespace("a");
    namespace("b");

    ViewStore store = (ViewStore) driver.getStateStore("view-namespaces");
    assertThat(store.lastOffset()).isEqualTo(1);
  }

  private void begin() {
    driver.advanceWallClockTime(ApplicationProcessor.TICK);
    outcome(next(), new CommandResult(200, "", "", "", 0));
  }

  private Command next() {
    return Json.read(commands.readValue(), Command.class);
  }

  private void namespace(String name) {
    byte[] value =
        KubernetesJson.bytes(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid("uid-" + name)
                .endMetadata()
                .build());
    TestRecord<String, byte[]> record = new TestRecord<>(name, value);
    record
        .headers()
        .add(
            new RecordHeader(
                RecordHeaders.REVISION,
                Long.toString(++revision).getBytes(StandardCharsets.UTF_8)));
    input(NAMES.store(ResourceTypes.NAMESPACES.resource())).pipeInput(record);
  }

  private void outcome(Command command, CommandResult result) {
    Outcome outcome =
        new Outcome(
            command.id(), command.application(), command.generation(), 0, 0, revision, result);
    input(NAMES.outcomes()).pipeInput(command.key(), Json.bytes(outcome));
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer());
  }

  /** Wants an account named default in every namespace. */
  private static final class Accounts implements Controller {
    @Override
    public String name() {
      return "accounts";
    }

    @Override
    public List<Source<?>> sources() {
      return List.of(
          Source.primary(ResourceTypes.NAMESPACES),
          Source.mapped(
              ResourceTypes.SERVICE_ACCOUNTS,
              (change, views) -> List.of(ObjectKeys.namespaceOf(change.key()))));
    }

    @Override
    public Collection<String> allKeys(Views views) {
      return views.of(ResourceTypes.NAMESPACES).all().stream().map(ObjectKeys::keyOf).toList();
    }

    @Override
    public Reconciliation reconcile(String key, Views views, Instant now) {
      if (views.of(ResourceTypes.SERVICE_ACCOUNTS).get(key, "default").isPresent()) {
        return Reconciliation.nothing();
      }
      return Reconciliation.of(
          Commands.create(
              ResourceTypes.SERVICE_ACCOUNTS,
              new ServiceAccountBuilder()
                  .withNewMetadata()
                  .withNamespace(key)
                  .withName("default")
                  .endMetadata()
                  .build()));
    }
  }
}
