package dev.shiplog.streams.kit.kafka;

import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.streams.processor.assignment.assignors.StickyTaskAssignor;

/**
 * How an application runs on Kafka Streams.
 *
 * @param bootstrapServers where Kafka is
 * @param names of the cluster's topics
 * @param instanceId a name that this process keeps over restarts and no other process has; with
 *     one, a process that was killed comes back at once instead of after the session time-out
 * @param standbyReplicas how many other processes keep the views warm
 * @param topicsTimeout how long to wait at the start for the topics to be made
 * @param clientProperties for every Kafka client, for example how to authenticate
 */
public record StreamsSettings(
    String bootstrapServers,
    TopicNames names,
    Optional<String> instanceId,
    int standbyReplicas,
    Duration topicsTimeout,
    Map<String, String> clientProperties) {

  public StreamsSettings {
    clientProperties = Map.copyOf(clientProperties);
  }

  /** For one process that is alone. */
  public static StreamsSettings alone(String bootstrapServers, TopicNames names) {
    return new StreamsSettings(
        bootstrapServers, names, Optional.of("alone"), 0, Duration.ofSeconds(60), Map.of());
  }

  /** The same with properties for every Kafka client. */
  public StreamsSettings with(Map<String, String> properties) {
    return new StreamsSettings(
        bootstrapServers, names, instanceId, standbyReplicas, topicsTimeout, properties);
  }

  /** The same for one process of several. */
  public StreamsSettings as(String instance) {
    return new StreamsSettings(
        bootstrapServers,
        names,
        Optional.of(instance.replaceAll("[^a-zA-Z0-9._-]", "-")),
        standbyReplicas,
        topicsTimeout,
        clientProperties);
  }

  /**
   * The same for one of several processes that have no lasting names, as pods of a Deployment.
   *
   * @param standbys how many of the others keep the views warm
   * @param patience how long to wait at the start for the topics to be made
   */
  public StreamsSettings oneOfMany(int standbys, Duration patience) {
    return new StreamsSettings(
        bootstrapServers, names, Optional.empty(), standbys, patience, clientProperties);
  }

  /** The properties of Kafka Streams for an application; each one differs from Kafka's default. */
  Properties properties(String application) {
    Map<String, String> all = new LinkedHashMap<>(clientProperties);
    all.putAll(identity(application));
    all.putAll(latency());
    all.putAll(failover());
    all.putAll(delivery());
    instanceId.ifPresent(id -> all.put("consumer.group.instance.id", application + "-" + id));
    Properties properties = new Properties();
    properties.putAll(all);
    return properties;
  }

  private Map<String, String> identity(String application) {
    return Map.of(
        "bootstrap.servers",
        bootstrapServers,
        // Also the consumer group.
        "application.id",
        names.prefix() + "-" + application,
        "num.standby.replicas",
        Integer.toString(standbyReplicas),
        // A cluster's operator reads the application's own figures.
        "enable.metrics.push",
        "false");
  }

  private static Map<String, String> latency() {
    return Map.of(
        // A command waits for nobody.
        "producer.linger.ms", "0",
        // Timers are checked between polls; records end a poll at once.
        "poll.ms", Long.toString(ApplicationProcessor.TICK.toMillis()),
        // What arrives together is acted on together.
        "main.consumer.interceptor.classes", Arrivals.Counting.class.getName(),
        // Topics need not be read in step, since revisions say what has been seen.
        "max.task.idle.ms", "-1",
        // Views are memory; a cache before them would only delay.
        "statestore.cache.max.bytes", "0",
        // A commit flushes the producer. What is read again after a crash does no harm, so this
        // only bounds how much it is.
        "commit.interval.ms", "1000");
  }

  private static Map<String, String> failover() {
    return Map.of(
        // Another process takes over within seconds.
        "consumer.session.timeout.ms", "6000",
        "consumer.heartbeat.interval.ms", "1500",
        // A thread that is stuck for a minute is as good as dead.
        "consumer.max.poll.interval.ms", "60000",
        // So is not one that waits for a Kafka that is away: it tries again, and polls in between.
        "consumer.default.api.timeout.ms", "10000",
        // Who joins stands by. Kafka's own choice may move the work to it, for no reason.
        "task.assignor.class", StickyTaskAssignor.class.getName(),
        // Closing hands over at once.
        "consumer.internal.leave.group.on.close", "true",
        // A group that is new, or unused for a week, takes in all there is.
        "consumer.auto.offset.reset", "earliest");
  }

  private static Map<String, String> delivery() {
    return Map.of(
        // Generations and derived names make a repeated command harmless, and a transaction would
        // hold each command back until the next commit.
        "processing.guarantee", "at_least_once",
        // A paused projector's late records must never be seen.
        "consumer.isolation.level", "read_committed",
        "producer.acks", "all",
        // An object can be as large as a topic takes.
        "producer.max.request.size", Integer.toString(TopicCatalogue.MAX_RECORD_BYTES),
        // By then the key has been reconciled again, and a late command would be one too many.
        "producer.delivery.timeout.ms", "10000",
        "producer.request.timeout.ms", "5000",
        "producer.max.block.ms", "5000");
  }
}
