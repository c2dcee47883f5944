package dev.shiplog.api.runtime;

import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.TopicLog;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * What the parts of an API server have in common: what is configured, and what they run on.
 *
 * @param faults told when the server can no longer be trusted
 */
record ApiEnvironment(
    ApiConfig config,
    AdmissionConfig admission,
    TopicsConfig topics,
    KafkaConfig kafka,
    TopicLog log,
    FaultHandler faults,
    Vertx vertx,
    InstantSource clock,
    ThreadFactory threads) {

  static final ResourceCatalogue BUILT_IN = ResourceCatalogue.builtIn();

  /** What is stored of the resources that every cluster has. */
  static List<StorageResource> stored() {
    return BUILT_IN.all().stream()
        .map(ResourceType::storage)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  TopicNames names() {
    return new TopicNames(topics.prefix());
  }

  TopicCatalogue topicCatalogue() {
    return new TopicCatalogue(names(), kafka.replicationFactor(), topics.assignmentPartitions());
  }
}
