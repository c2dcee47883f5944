package dev.shiplog.standalone;

import dev.shiplog.api.definitions.CustomResources;
import dev.shiplog.api.journal.StoredResources;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.seal.Sealing;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a cluster's topics are, for commands that use them without an API server.
 *
 * @param data its data directory
 * @param kafka bootstrap servers of an existing Kafka; empty for the embedded one
 * @param kafkaProperties client properties for it
 * @param prefix prefix of its topics' names
 * @param replication replication factor of topics that are missing
 * @param sealing opens what is encrypted, and encrypts it again
 */
public record Topics(
    DataDirectory data,
    Optional<String> kafka,
    Map<String, String> kafkaProperties,
    String prefix,
    int replication,
    Sealing sealing) {

  TopicNames names() {
    return new TopicNames(prefix);
  }

  TopicCatalogue catalogue() {
    return new TopicCatalogue(names(), replication, TopicCatalogue.DEFAULT_ASSIGNMENT_PARTITIONS);
  }

  StoredResources stored() {
    return new StoredResources(
        builtIn(), CustomResources::stored, (_, _) -> Map.of(), List.of(), sealing);
  }

  static List<StorageResource> builtIn() {
    return ResourceCatalogue.builtIn().all().stream()
        .map(ResourceType::storage)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }
}
