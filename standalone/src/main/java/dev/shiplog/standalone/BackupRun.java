package dev.shiplog.standalone;

import dev.shiplog.api.backup.BackupFile;
import dev.shiplog.api.journal.CannotStartException;
import dev.shiplog.api.journal.ClusterImage;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.seal.SealedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Writes a cluster's objects to a file, and a file's objects into topics.
 *
 * @param topics the cluster's
 * @param file the backup
 */
public record BackupRun(Topics topics, Path file) {

  /**
   * What was written.
   *
   * @param objects how many objects
   * @param revision the revision at which they were so; for a restore, the one it goes on after
   */
  public record Report(long objects, long revision) {}

  /**
   * Backs up a cluster, whether it runs or not.
   *
   * @throws StartFailure if that cannot be done
   */
  public Report backUp() {
    Optional<String> existing = topics.kafka().or(() -> RunningCluster.of(topics.data()).kafka());
    if (existing.isEmpty()) {
      return onEmbedded(this::backUp);
    }
    KafkaSettings settings = KafkaSettings.at(existing.get()).with(topics.kafkaProperties());
    try (TopicLog log = new KafkaTopicLog(settings.as("shiplog-backup"))) {
      return guarded(log, this::backUp);
    }
  }

  /**
   * Restores a cluster whose topics are gone.
   *
   * @throws StartFailure if that cannot be done
   */
  public Report restore() {
    return onEmbedded(this::restore);
  }

  private Report backUp(TopicLog log) throws IOException {
    if (log.topicId(topics.names().checkpoint()).isEmpty()) {
      throw new StartFailure("there is no cluster with topic prefix " + topics.prefix());
    }
    ClusterImage image = ClusterImage.read(log, topics.names(), topics.stored());
    new BackupFile(file).write(image, topics.sealing(), InstantSource.system().instant());
    return new Report(image.objects(), image.revision());
  }

  private Report restore(TopicLog log) throws IOException {
    ClusterImage image = new BackupFile(file).read(topics.sealing());
    long floor = image.writeTo(log, topics.catalogue(), topics.stored(), InstantSource.system());
    return new Report(image.objects(), floor);
  }

  private interface Work {
    Report on(TopicLog log) throws IOException;
  }

  /** The data directory's own Kafka, or the existing one; nobody else uses the directory. */
  private Report onEmbedded(Work work) {
    try (AutoCloseable _ = topics.data().take();
        Kafka running = Kafka.start(topics.data(), topics.kafka(), topics.kafkaProperties());
        TopicLog log = new KafkaTopicLog(running.settings().as("shiplog-backup"))) {
      return guarded(log, work);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Report guarded(TopicLog log, Work work) {
    try {
      return work.on(log);
    } catch (IOException e) {
      throw new StartFailure(StartFailure.describe(e));
    } catch (LogException e) {
      throw new StartFailure("Kafka failed: " + e.getMessage());
    } catch (CannotStartException | SealedException e) {
      throw new StartFailure(e.getMessage());
    }
  }
}
