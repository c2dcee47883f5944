package dev.shiplog.standalone.apart;

import dev.shiplog.api.runtime.KafkaConfig;
import dev.shiplog.api.runtime.LogProducer;
import dev.shiplog.api.runtime.TopicsConfig;
import dev.shiplog.scheduler.SchedulerApp;
import dev.shiplog.standalone.MetricsReader;
import dev.shiplog.standalone.SchedulerSettings;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.streams.ControllersApp;
import dev.shiplog.streams.controllers.autoscaling.MetricSource;
import dev.shiplog.streams.controllers.autoscaling.ReaderMetricSource;
import dev.shiplog.streams.kit.kafka.Phase;
import dev.shiplog.streams.kit.kafka.StreamsSettings;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.TopicLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Controllers or scheduler: what lives on Kafka Streams. Of several processes, one acts. */
final class StreamsPart implements Part {

  private static final Logger LOG = Logger.getLogger(StreamsPart.class);

  private final String name;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final StreamsSettings streams;
  private final TopicLog log;
  private Runnable begin;
  private Supplier<Phase> phase;
  private BooleanSupplier turning;

  private StreamsPart(String name, Settings settings, int standbys, Duration patience) {
    this.name = name;
    KafkaConfig kafka = settings.get(KafkaConfig.class);
    TopicNames names = new TopicNames(settings.get(TopicsConfig.class).prefix());
    log = keep(new KafkaTopicLog(LogProducer.settings(kafka).as("shiplog-" + name)));
    streams =
        StreamsSettings.alone(kafka.bootstrapServers().orElseThrow(), names)
            .with(LogProducer.properties(kafka))
            .oneOfMany(standbys, patience);
  }

  static StreamsPart controllers(Settings settings, FaultHandler faults) {
    ControllersConfig config = settings.get(ControllersConfig.class);
    StreamsPart part =
        new StreamsPart("controllers", settings, config.standbyReplicas(), config.topicsTimeout());
    var surroundings =
        new ControllersApp.Surroundings(
            config.rootCaFile().map(StreamsPart::text), metrics(part, config));
    ControllersApp app =
        part.keep(
            new ControllersApp(
                config.without().orElse(Set.of()), surroundings, part.streams, part.log, faults));
    part.begin = app::start;
    part.phase = app::phase;
    part.turning = app::isTurning;
    return part;
  }

  static StreamsPart scheduler(Settings settings, FaultHandler faults) {
    SchedulerConfig config = settings.get(SchedulerConfig.class);
    StreamsPart part =
        new StreamsPart("scheduler", settings, config.standbyReplicas(), config.topicsTimeout());
    SchedulerApp app =
        part.keep(
            new SchedulerApp(
                SchedulerSettings.read(config.configFile(), config.plugins()),
                part.streams,
                part.log,
                faults));
    part.begin = app::start;
    part.phase = app::phase;
    part.turning = app::isTurning;
    return part;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start() {
    begin.run();
  }

  @Override
  public boolean isDead() {
    return phase.get() == Phase.STOPPED || !turning.getAsBoolean();
  }

  @Override
  public boolean isReady() {
    return phase.get() == Phase.ACTING || phase.get() == Phase.STANDING_BY;
  }

  @Override
  public String doing() {
    return switch (phase.get()) {
      case WAITING -> "waiting for topics";
      case CATCHING_UP -> "catching up";
      case STANDING_BY -> "standing by";
      case ACTING -> "acting";
      case STOPPED -> "stopped";
    };
  }

  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warnf(e, "%s did not stop cleanly", part.getClass().getSimpleName());
      }
    }
  }

  private static MetricSource metrics(StreamsPart part, ControllersConfig config) {
    return config
        .kubeconfig()
        .map(file -> part.keep(new MetricsReader(new GivenKubeconfig(file).open())))
        .map(reader -> (MetricSource) new ReaderMetricSource(reader::read))
        .orElse(MetricSource.NONE);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new StartFailure("cannot read " + file + ": " + StartFailure.describe(e));
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }
}
