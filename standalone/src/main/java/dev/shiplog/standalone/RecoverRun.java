package dev.shiplog.standalone;

import dev.shiplog.api.definitions.CustomResources;
import dev.shiplog.api.journal.Recovery;
import dev.shiplog.api.journal.StoredResources;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.seal.Sealing;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recovers the topics of a cluster that does not run.
 *
 * @param data its data directory
 * @param kafka bootstrap servers of an existing Kafka; empty for the embedded one
 * @param kafkaProperties client properties for it
 * @param prefix prefix of its topics' names
 * @param replication replication factor of topics that are missing
 * @param assignmentPartitions partitions of the assignments topic
 * @param sealing opens what is encrypted, and encrypts it again
 */
public record RecoverRun(
    DataDirectory data,
    Optional<String> kafka,
    Map<String, String> kafkaProperties,
    String prefix,
    int replication,
    int assignmentPartitions,
    Sealing sealing) {

  /**
   * Recovers.
   *
   * @throws StartFailure if the data directory is in use, or Kafka cannot be reached
   */
  public Recovery.Report run() {
    try (AutoCloseable _ = data.take();
        Kafka running = Kafka.start(data, kafka, kafkaProperties);
        TopicLog log = new KafkaTopicLog(running.settings().as("shiplog-recover"))) {
      TopicNames names = new TopicNames(prefix);
      if (log.topicId(names.checkpoint()).isEmpty()) {
        throw new StartFailure("there is no cluster with topic prefix " + prefix + " to recover");
      }
      TopicCatalogue catalogue = new TopicCatalogue(names, replication, assignmentPartitions);
      log.ensureTopics(catalogue.all(builtIn()));
      return new Recovery(log, catalogue, InstantSource.system()).run(stored());
    } catch (LogException e) {
      throw new StartFailure("Kafka failed: " + e.getMessage() + "; the recovery may be run again");
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private StoredResources stored() {
    return new StoredResources(
        builtIn(), CustomResources::stored, (_, _) -> Map.of(), List.of(), sealing);
  }

  private static List<StorageResource> builtIn() {
    return ResourceCatalogue.builtIn().all().stream()
        .map(ResourceType::storage)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }
}
