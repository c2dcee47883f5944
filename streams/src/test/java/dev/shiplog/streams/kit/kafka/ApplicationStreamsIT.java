package dev.shiplog.streams.kit.kafka;

import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.EVENTS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.streams.controllers.Objects;
import dev.shiplog.streams.controllers.deployment.DeploymentController;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.controllers.replicaset.ReplicaSetController;
import dev.shiplog.streams.kit.Application;
import dev.shiplog.streams.kit.CommandSender;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.streams.kit.core.ControllerCore;
import dev.shiplog.streams.kit.testing.FakeApiServer;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments and ReplicaSets on a real Kafka. */
class ApplicationStreamsIT {

  private static final AtomicInteger CLUSTERS = new AtomicInteger();
  private static final List<ResourceType<?>> TYPES =
      List.of(DEPLOYMENTS, REPLICA_SETS, PODS, EVENTS);

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;

  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final TopicNames names = new TopicNames("it" + CLUSTERS.incrementAndGet());
  private KafkaTopicLog log;
  private LogApiServer server;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(directory);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void connect() {
    log = new KafkaTopicLog(KafkaSettings.at(broker.bootstrapServers()));
  }

  @AfterEach
  void disconnect() {
    if (server != null) {
      server.close();
    }
    log.close();
    faults.assertNone();
  }

  @Test
  void aDeploymentBecomesPods() {
    startServer();
    try (ApplicationStreams controllers = start("a")) {
      assertThat(controllers.isRunning()).isTrue();
      create("web", 3);

      eventually().untilAsserted(() -> assertThat(livePods()).hasSize(3));
    }
  }

  @Test
  void aProcessThatComesBackGoesOnFromTheTopics() {
    startServer();
    try (ApplicationStreams _ = start("a")) {
      create("web", 20);
      eventually().untilAsserted(() -> assertThat(livePods()).hasSize(20));
    }
    List<Pod> survivors = livePods().subList(0, 15);
    livePods().subList(15, 20).forEach(pod -> delete(pod));
    int before = server.received().size();

    try (ApplicationStreams _ = start("a")) {
      eventually().untilAsserted(() -> assertThat(livePods()).hasSize(20));
      assertThat(livePods()).containsAll(survivors);
      assertThat(podCreations(server.received().subList(before, server.received().size())))
          .isEqualTo(5);
    }
  }

  @Test
  void aProcessThatIsNewToAClusterReadsAllOfItBeforeItActs() {
    startServer();
    try (ApplicationStreams _ = start("a")) {
      create("web", 50);
      eventually().untilAsserted(() -> assertThat(livePods()).hasSize(50));
    }
    int before = server.received().size();

    try (ApplicationStreams _ = start("other", "b")) {
      eventually().untilAsserted(() -> assertThat(server.received()).hasSizeGreaterThan(before));
      edit(5);
      eventually().untilAsserted(() -> assertThat(livePods()).hasSize(5));
      assertThat(podCreations(server.received().subList(before, server.received().size())))
          .isZero();
    }
  }

  @Test
  void anotherProcessTakesOver() {
    startServer();
    ApplicationStreams first = start("a");
    create("web", 3);
    eventually().untilAsserted(() -> assertThat(livePods()).hasSize(3));
    try (ApplicationStreams _ = start("b")) {
      first.close();
      edit(7);

      eventually().untilAsserted(() -> assertThat(livePods()).hasSize(7));
    }
  }

  @Test
  void aThreadThatIsReplacedHasASuccessorThatBegins() {
    startServer();
    try (ApplicationStreams controllers = start("a")) {
      create("web", 3);
      eventually().untilAsserted(() -> assertThat(livePods()).hasSize(3));

      controllers.replaceThread();
      edit(5);

      eventually().untilAsserted(() -> assertThat(livePods()).hasSize(5));
      assertThat(begun()).isEqualTo(2);
      eventually().until(() -> controllers.phase() == Phase.ACTING);
    }
  }

  @Test
  void whoJoinsStandsBy() {
    startServer();
    try (ApplicationStreams first = start("a")) {
      create("web", 3);
      eventually().untilAsserted(() -> assertThat(livePods()).hasSize(3));

      for (String joining : List.of("b", "c", "d", "e")) {
        try (ApplicationStreams second = start(joining)) {
          eventually().until(() -> second.phase() == Phase.STANDING_BY);
          assertThat(first.phase()).isEqualTo(Phase.ACTING);
        }
      }
      assertThat(begun()).isEqualTo(1);
    }
  }

  private long begun() {
    return server.received().stream().filter(command -> command.verb() == Verb.BEGIN).count();
  }

  @Test
  void whatArrivesTogetherIsActedOnTogether() {
    startServer();
    Turns turns = new Turns();
    try (ApplicationStreams counting =
        new ApplicationStreams(() -> turns, settings("a"), log, faults)) {
      counting.start();
      eventually().until(() -> turns.active);

      server.ask(objects -> {
        IntStream.range(0, 300)
            .forEach(number -> objects.create(PODS, Objects.pod("p" + number, "web")));
        return null;
      });

      eventually().until(() -> turns.changes.get() == 300);
      assertThat(turns.taken.get()).isLessThan(150);
    }
  }

  /** Counts the turns in which there was something new. */
  private static final class Turns extends PodFollower {
    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private volatile boolean active;
    private int seen;

    Turns() {
      super("turns");
    }

    @Override
    public void onActivated(Views views, CommandSender commands, Instant now) {
      active = true;
    }

    @Override
    public void onChange(ObjectChange<?> change, Instant now) {
      changes.incrementAndGet();
    }

    @Override
    public void onTime(Instant now) {
      if (changes.get() > seen) {
        seen = changes.get();
        taken.incrementAndGet();
      }
    }
  }

  @Test
  void missingTopicsAreNamed() {
    StreamsSettings hasty =
        new StreamsSettings(
            broker.bootstrapServers(),
            names,
            Optional.empty(),
            0,
            Duration.ofMillis(100),
            Map.of());
    try (ApplicationStreams controllers =
        new ApplicationStreams(() -> application("controllers"), hasty, log, faults)) {
      assertThatThrownBy(controllers::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(names.commands())
          .hasMessageContaining(names.store(PODS.resource()));
    }
  }

  @Test
  void aRecordThatCannotBeReadIsAFaultAndNotSkipped() {
    startServer();
    try (var writer = log.openWriter()) {
      writer
          .append(
              Partition.only(names.store(PODS.resource())),
              LogRecord.of(
                  "ns/odd".getBytes(StandardCharsets.UTF_8),
                  "not JSON".getBytes(StandardCharsets.UTF_8),
                  System.currentTimeMillis()))
          .join();
    }
    RecordingFaultHandler expected = new RecordingFaultHandler();
    try (ApplicationStreams controllers =
        new ApplicationStreams(() -> application("controllers"), settings("a"), log, expected)) {
      controllers.start();

      eventually().untilAsserted(() -> assertThat(expected.faults()).isNotEmpty());
      eventually().until(() -> !controllers.isRunning());
    }
  }

  private void startServer() {
    TopicCatalogue catalogue = new TopicCatalogue(names, 1, 1);
    log.ensureTopics(catalogue.all(TYPES.stream().map(ResourceType::resource).toList()));
    server = new LogApiServer(log, names, TYPES, ApplicationStreamsIT::endTerminatingPods);
  }

  private static void endTerminatingPods(FakeApiServer objects) {
    objects.list(PODS).stream()
        .filter(PodStates::isTerminating)
        .forEach(pod -> objects.deleteNow(PODS, ObjectKeys.keyOf(pod)));
  }

  private ApplicationStreams start(String instance) {
    return start("controllers", instance);
  }

  private ApplicationStreams start(String application, String instance) {
    ApplicationStreams streams =
        new ApplicationStreams(() -> application(application), settings(instance), log, faults);
    streams.start();
    return streams;
  }

  private Application application(String name) {
    return new ControllerCore(
        name,
        List.of(new DeploymentController(), new ReplicaSetController()),
        new Random(1),
        faults);
  }

  private StreamsSettings settings(String instance) {
    return new StreamsSettings(
        broker.bootstrapServers(),
        names,
        Optional.of(instance),
        1,
        Duration.ofSeconds(10),
        Map.of());
  }

  private void create(String name, int replicas) {
    server.ask(objects -> objects.create(DEPLOYMENTS, Objects.deployment(name, replicas)));
  }

  private void edit(int replicas) {
    server.ask(objects -> {
      objects.edit(DEPLOYMENTS, "ns/web", web -> web.getSpec().setReplicas(replicas));
      return null;
    });
  }

  private void delete(Pod pod) {
    server.ask(objects -> {
      objects.deleteNow(PODS, ObjectKeys.keyOf(pod));
      return null;
    });
  }

  private List<Pod> livePods() {
    return server.ask(objects -> objects.list(PODS).stream().filter(PodStates::isActive).toList());
  }

  private static long podCreations(List<Command> commands) {
    return commands.stream()
        .filter(command -> command.verb() == Verb.CREATE)
        .filter(command -> command.target().plural().equals("pods"))
        .count();
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
  }
}
