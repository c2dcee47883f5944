package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.LogConfigurationException;
import dev.shiplog.topics.log.LogUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/** Makes, checks and deletes topics, many with one request. Any thread. */
final class TopicProvisioner {

  private static final Logger LOG = Logger.getLogger(TopicProvisioner.class);
  private static final String CLEANUP_POLICY = "cleanup.policy";
  private static final String DEFAULT_CLEANUP_POLICY = "delete";
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private final Admin admin;
  private final Duration callTimeout;

  TopicProvisioner(Admin admin, Duration callTimeout) {
    this.admin = admin;
    this.callTimeout = callTimeout;
  }

  void ensure(Collection<TopicSpec> topics) {
    Map<String, TopicSpec> wanted =
        topics.stream().collect(Collectors.toMap(TopicSpec::name, Function.identity()));
    Set<String> existing = create(wanted.values());
    check(wanted, existing);
    Set<String> made = new HashSet<>(wanted.keySet());
    made.removeAll(existing);
    if (!made.isEmpty() && !existing.isEmpty()) {
      LOG.infof("topics were missing and are made: %s", made);
    }
    // Kafka answers before every broker knows: whoever uses the topic next must find it.
    await(() -> hasLeaders(describe(made), made), "making the topics " + made);
  }

  Optional<String> id(String topic) {
    return Optional.ofNullable(describe(Set.of(topic)).get(topic))
        .map(description -> description.topicId().toString());
  }

  void delete(String topic) {
    try {
      get("deleting the topic " + topic, admin.deleteTopics(List.of(topic)).all());
    } catch (LogConfigurationException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
    await(() -> id(topic).isEmpty(), "deleting the topic " + topic);
  }

  /** Makes those that are missing and returns the others. */
  private Set<String> create(Collection<TopicSpec> wanted) {
    var created =
        admin.createTopics(wanted.stream().map(TopicProvisioner::kafka).toList()).values();
    Set<String> existing = new HashSet<>();
    created.forEach((topic, future) -> {
      try {
        get("making the topic " + topic, future);
      } catch (LogUnavailableException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
        existing.add(topic);
      }
    });
    return existing;
  }

  private void check(Map<String, TopicSpec> wanted, Set<String> existing) {
    if (existing.isEmpty()) {
      return;
    }
    describe(existing)
        .forEach((name, description) -> checkPartitions(wanted.get(name), description));
    List<ConfigResource> resources =
        existing.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    get("reading the settings of topics", admin.describeConfigs(resources).all())
        .forEach((resource, config) -> checkCleanup(wanted.get(resource.name()), config));
  }

  private static void checkPartitions(TopicSpec wanted, TopicDescription found) {
    int partitions = found.partitions().size();
    if (partitions != wanted.partitions()) {
      throw new LogConfigurationException(
          "the topic %s has %d partitions and must have %d: it is not Shiplog's, or was made with another setting; use another topic prefix or the setting it was made with"
              .formatted(wanted.name(), partitions, wanted.partitions()));
    }
  }

  private static void checkCleanup(TopicSpec wanted, Config found) {
    String must = wanted.settings().getOrDefault(CLEANUP_POLICY, DEFAULT_CLEANUP_POLICY);
    String is = found.get(CLEANUP_POLICY).value();
    if (!is.equals(must)) {
      throw new LogConfigurationException(
          "the topic %s has cleanup.policy=%s and must have %s: it is not Shiplog's, or was changed; set it back or use another topic prefix"
              .formatted(wanted.name(), is, must));
    }
  }

  /** Those of the topics that exist. */
  private Map<String, TopicDescription> describe(Set<String> topics) {
    if (topics.isEmpty()) {
      return Map.of();
    }
    Map<String, TopicDescription> found = new HashMap<>();
    admin
        .describeTopics(topics)
        .topicNameValues()
        .forEach((name, future) -> describe(name, future, found));
    return found;
  }

  private void describe(
      String name, KafkaFuture<TopicDescription> future, Map<String, TopicDescription> found) {
    try {
      found.put(name, get("describing the topic " + name, future));
    } catch (LogConfigurationException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
  }

  private static boolean hasLeaders(Map<String, TopicDescription> found, Set<String> wanted) {
    return found.keySet().containsAll(wanted)
        && found.values().stream()
            .flatMap(description -> description.partitions().stream())
            .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
  }

  private void await(BooleanSupplier condition, String doing) {
    long deadline = System.nanoTime() + callTimeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        throw new LogUnavailableException(doing + " is not done in time");
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private <T> T get(String doing, KafkaFuture<T> future) {
    try {
      // The admin client bounds its calls itself; this bound is for the case that it does not.
      return future.get(callTimeout.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw KafkaFailures.of(doing, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException(doing + " was interrupted", e);
    }
  }

  private static NewTopic kafka(TopicSpec spec) {
    return new NewTopic(
            spec.name(),
            Optional.of(spec.partitions()),
            spec.replicationFactor() == TopicSpec.BROKER_DEFAULT
                ? Optional.empty()
                : Optional.of((short) spec.replicationFactor()))
        .configs(spec.settings());
  }
}
