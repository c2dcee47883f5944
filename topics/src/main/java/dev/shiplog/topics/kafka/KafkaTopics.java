package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.LogConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;

/** Makes, checks and finds topics. Any thread. */
final class KafkaTopics {

  /**
   * The replication factor is a setting of ours among Kafka's own, taken out before they are sent.
   */
  static final String REPLICATION_FACTOR = "replication.factor";

  /** Waits for an answer in time, and translates failures. */
  interface Answers {
    <T> T await(String doing, KafkaFuture<T> future);
  }

  private final Admin admin;
  private final Answers answers;
  private final Set<Partition> known = ConcurrentHashMap.newKeySet();

  KafkaTopics(Admin admin, Answers answers) {
    this.admin = admin;
    this.answers = answers;
  }

  /** Makes what is missing in one request, then checks what was there. */
  void ensure(Collection<TopicSpec> specs) {
    if (specs.isEmpty()) {
      return;
    }
    List<TopicSpec> existing = create(specs);
    if (!existing.isEmpty()) {
      check(existing);
    }
  }

  Optional<String> id(String topic) {
    return describe(topic).map(description -> description.topicId().toString());
  }

  void delete(String topic) {
    known.removeIf(partition -> partition.topic().equals(topic));
    KafkaFuture<Void> deleted = admin.deleteTopics(List.of(topic)).topicNameValues().get(topic);
    try {
      answers.await("deleting topic " + topic, deleted);
    } catch (LogConfigurationException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
  }

  /**
   * Fails at once where Kafka's client would ask again and again.
   *
   * @throws LogConfigurationException if there is no such partition
   */
  void requireKnown(Partition partition) {
    if (known.contains(partition)) {
      return;
    }
    int partitions = describe(partition.topic()).map(d -> d.partitions().size()).orElse(0);
    if (partition.number() >= partitions) {
      throw new LogConfigurationException("there is no partition " + partition);
    }
    known.add(partition);
  }

  /** Returns those that were there. */
  private List<TopicSpec> create(Collection<TopicSpec> specs) {
    CreateTopicsResult result =
        admin.createTopics(specs.stream().map(KafkaTopics::newTopic).toList());
    List<TopicSpec> existing = new ArrayList<>();
    for (TopicSpec spec : specs) {
      KafkaFuture<Void> created = result.values().get(spec.name());
      if (alreadyExists(created)) {
        existing.add(spec);
      } else {
        answers.await("making topic " + spec.name(), created);
      }
    }
    return existing;
  }

  private boolean alreadyExists(KafkaFuture<Void> created) {
    try {
      created.get();
      return false;
    } catch (ExecutionException e) {
      return e.getCause() instanceof TopicExistsException;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static NewTopic newTopic(TopicSpec spec) {
    Map<String, String> settings = new HashMap<>(spec.settings());
    String factor = settings.remove(REPLICATION_FACTOR);
    Optional<Short> replication = Optional.ofNullable(factor).map(Short::valueOf);
    return new NewTopic(spec.name(), Optional.of(spec.partitions()), replication).configs(settings);
  }

  private void check(List<TopicSpec> specs) {
    List<String> names = specs.stream().map(TopicSpec::name).toList();
    Map<String, TopicDescription> found =
        answers.await("describing topics", admin.describeTopics(names).allTopicNames());
    Map<ConfigResource, Config> configs =
        answers.await(
            "reading the settings of topics",
            admin.describeConfigs(names.stream().map(KafkaTopics::resource).toList()).all());
    for (TopicSpec spec : specs) {
      checkPartitions(spec, found.get(spec.name()).partitions().size());
      checkPolicy(spec, configs.get(resource(spec.name())));
    }
  }

  private static void checkPartitions(TopicSpec spec, int partitions) {
    if (partitions != spec.partitions()) {
      throw new LogConfigurationException(
          "topic %s has %d partitions and not %d"
              .formatted(spec.name(), partitions, spec.partitions()));
    }
  }

  private static void checkPolicy(TopicSpec spec, Config config) {
    String wanted = spec.settings().getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
    String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
    if (!policy.equals(wanted)) {
      throw new LogConfigurationException(
          "topic %s has cleanup.policy=%s and not %s".formatted(spec.name(), policy, wanted));
    }
  }

  private Optional<TopicDescription> describe(String topic) {
    Topic.validate(topic);
    KafkaFuture<TopicDescription> description =
        admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
    try {
      return Optional.of(answers.await("looking for topic " + topic, description));
    } catch (LogConfigurationException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }
}
