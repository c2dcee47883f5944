package dev.shiplog.streams.kit.kafka;

import static dev.shiplog.streams.kit.ResourceTypes.EVENTS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static org.awaitility.Awaitility.await;

import dev.shiplog.broker.BrokerSettings;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.streams.controllers.Objects;
import dev.shiplog.streams.kit.CommandSender;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that has something to say while Kafka is away. */
class KafkaOutageIT {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration LOST_AFTER = Duration.ofSeconds(25);
  private static final List<ResourceType<?>> TYPES = List.of(PODS, EVENTS);

  private final TopicNames names = new TopicNames("outage");
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final AtomicInteger begun = new AtomicInteger();

  @TempDir private Path directory;

  @Test
  void whatCouldNotBeSaidIsSaidOnceKafkaIsBack() {
    EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(directory, this::fatal));
    String bootstrap = broker.bootstrapServers();
    try (KafkaTopicLog log = new KafkaTopicLog(KafkaSettings.at(bootstrap));
        ApplicationStreams streams =
            new ApplicationStreams(Talkative::new, settings(bootstrap), log, faults)) {
      makeTopics(log);
      streams.start();
      awaitTalk(log);

      broker.close();
      awaitCommandsAreLost();
      broker =
          EmbeddedBroker.start(BrokerSettings.in(directory, this::fatal).withPort(port(bootstrap)));

      awaitTalk(log);
    } finally {
      broker.close();
    }
    faults.assertNone();
  }

  private void awaitTalk(KafkaTopicLog log) {
    int before = begun.get();
    try (LogApiServer server = new LogApiServer(log, names, TYPES, _ -> {})) {
      long known = log.end(Partition.only(names.commands()), Isolation.READ_UNCOMMITTED);
      await()
          .atMost(BOUND)
          .until(() -> begun.get() > before && server.received().size() > known + 20);
    }
  }

  /** Each waits a few seconds for the topic and a few for being stored. */
  private static void awaitCommandsAreLost() {
    Instant lost = Instant.now().plus(LOST_AFTER);
    await().atMost(LOST_AFTER.multipliedBy(2)).until(() -> Instant.now().isAfter(lost));
  }

  private void makeTopics(KafkaTopicLog log) {
    TopicCatalogue catalogue = new TopicCatalogue(names, 1, 1);
    log.ensureTopics(catalogue.all(TYPES.stream().map(ResourceType::resource).toList()));
  }

  private void fatal(String message) {
    faults.fault("the broker", new IllegalStateException(message));
  }

  private static int port(String bootstrap) {
    return Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
  }

  /** Has something to say all the time. */
  private final class Talkative extends PodFollower {
    private CommandSender sender;

    Talkative() {
      super("talkative");
    }

    @Override
    public void onActivated(Views views, CommandSender commands, Instant now) {
      sender = commands;
      begun.incrementAndGet();
    }

    @Override
    public void onTime(Instant now) {
      if (sender != null) {
        sender.send("talkative", Commands.deleteNow(PODS, Objects.pod("gone", "web")));
      }
    }
  }

  private StreamsSettings settings(String bootstrap) {
    return new StreamsSettings(
        bootstrap, names, Optional.empty(), 1, Duration.ofSeconds(10), Map.of());
  }
}
