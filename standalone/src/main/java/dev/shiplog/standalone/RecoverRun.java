package dev.shiplog.standalone;

import dev.shiplog.api.journal.Recovery;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.TopicLog;
import java.time.InstantSource;

/**
 * Recovers the topics of a cluster that does not run.
 *
 * @param topics the cluster's
 */
public record RecoverRun(Topics topics) {

  /**
   * Recovers.
   *
   * @throws StartFailure if the data directory is in use, or Kafka cannot be reached
   */
  public Recovery.Report run() {
    try (AutoCloseable _ = topics.data().take();
        Kafka running = Kafka.start(topics.data(), topics.kafka(), topics.kafkaProperties());
        TopicLog log = new KafkaTopicLog(running.settings().as("shiplog-recover"))) {
      if (log.topicId(topics.names().checkpoint()).isEmpty()) {
        throw new StartFailure(
            "there is no cluster with topic prefix " + topics.prefix() + " to recover");
      }
      log.ensureTopics(topics.catalogue().all(Topics.builtIn()));
      return new Recovery(log, topics.catalogue(), InstantSource.system()).run(topics.stored());
    } catch (LogException e) {
      throw new StartFailure("Kafka failed: " + e.getMessage() + "; the recovery may be run again");
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
