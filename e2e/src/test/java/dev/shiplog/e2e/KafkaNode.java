package dev.shiplog.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** One node of Kafka, and what may happen to it. */
final class KafkaNode {

  private static final String CLUSTER = "c2hpcGxvZy1lMmUtdGVzdA";
  private static final String BOOTSTRAP = "bootstrap.checkpoint";
  private static final String META = "meta.properties";
  private static final Duration FORMAT_BOUND = Duration.ofMinutes(1);

  private final int id;
  private final Path directory;
  private final String address;
  private final Path properties;
  private final KafkaHost host;
  private KafkaHost.Running running;

  KafkaNode(
      int id,
      Path directory,
      String ip,
      int clients,
      int controllers,
      String voters,
      int count,
      KafkaHost host) {
    this.id = id;
    this.directory = directory;
    this.host = host;
    this.address = ip + ":" + clients;
    this.properties = directory.resolve("server.properties");
    try {
      Files.createDirectories(directory);
      Files.writeString(properties, properties(controllers, voters, count));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return address;
  }

  /** Where it keeps its partitions. */
  Path logs() {
    return directory.resolve("logs");
  }

  void format() {
    List<String> command =
        KafkaHost.local()
            .command(
                "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", properties.toString());
    Run run = Run.of(command, Map.of(), FORMAT_BOUND);
    if (run.exit() != 0) {
      throw new AssertionError(run.toString());
    }
  }

  /** As {@link #format}, without a process: nodes of a cluster differ by two lines. */
  void formatLike(KafkaNode formatted) {
    byte[] unique = new byte[16];
    new SecureRandom().nextBytes(unique);
    String directoryId = Base64.getUrlEncoder().withoutPadding().encodeToString(unique);
    try {
      Files.createDirectories(logs());
      Files.copy(formatted.logs().resolve(BOOTSTRAP), logs().resolve(BOOTSTRAP));
      String meta = Files.readString(formatted.logs().resolve(META));
      Files.writeString(
          logs().resolve(META),
          meta.replaceAll("node\\.id=.*", "node.id=" + id)
              .replaceAll("directory\\.id=.*", "directory.id=" + directoryId));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    running = host.start(host.command("kafka.Kafka", properties.toString()), directory);
  }

  /** As a power cut would: no goodbye. What the operating system has of its files stays. */
  void kill() {
    if (running != null) {
      running.kill();
      running = null;
    }
  }

  long pid() {
    return running.pid();
  }

  private String properties(int controllers, String voters, int count) {
    int replicas = Math.min(3, count);
    int inSync = Math.max(1, replicas - 1);
    return """
    process.roles=broker,controller
    node.id=%d
    log.dirs=%s
    listeners=CLIENT://%s,CONTROLLER://127.0.0.1:%d
    advertised.listeners=CLIENT://%s
    listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT
    inter.broker.listener.name=CLIENT
    controller.listener.names=CONTROLLER
    controller.quorum.voters=%s
    offsets.topic.replication.factor=%d
    transaction.state.log.replication.factor=%d
    transaction.state.log.min.isr=%d
    transaction.state.log.num.partitions=4
    offsets.topic.num.partitions=4
    auto.create.topics.enable=false
    message.max.bytes=16777216
    replica.fetch.max.bytes=16777216
    log.cleaner.dedupe.buffer.size=8388608
    log.index.size.max.bytes=1048576
    broker.session.timeout.ms=6000
    broker.heartbeat.interval.ms=1000
    """
        .formatted(id, logs(), address, controllers, address, voters, replicas, replicas, inSync);
  }

  @Override
  public String toString() {
    return directory.resolve("kafka.out").toString();
  }
}
