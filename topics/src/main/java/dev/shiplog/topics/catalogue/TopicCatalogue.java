package dev.shiplog.topics.catalogue;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All topics of a cluster and how each must be set up.
 *
 * <p>A cluster has some 80 topics, most of them nearly empty. What an empty partition costs is its
 * index files, which Kafka makes at full size and maps into memory; so segments and their indexes
 * are small wherever little is written.
 *
 * @param names their names
 * @param replicationFactor on how many brokers each partition lies
 * @param assignmentPartitions partitions of the assignments topic: nodes that share one may read
 *     each other's pods
 * @param auditRetention how long audit records are kept
 */
public record TopicCatalogue(
    TopicNames names, int replicationFactor, int assignmentPartitions, Duration auditRetention) {

  public static final int DEFAULT_ASSIGNMENT_PARTITIONS = 32;

  /**
   * The largest journal entry. An object has at most 3 MiB as clients send it, and an entry holds
   * it before and after; a larger transaction is refused before it is decided.
   */
  public static final int MAX_ENTRY_BYTES = 8 << 20;

  /** The largest record: an audit record repeats a whole entry in more words. */
  public static final int MAX_RECORD_BYTES = MAX_ENTRY_BYTES + (1 << 20);

  private static final int MIB = 1 << 20;
  private static final Duration COMMANDS_RETENTION = Duration.ofDays(1);
  private static final Duration DEFAULT_AUDIT_RETENTION = Duration.ofDays(90);
  private static final String UNLIMITED = "-1";

  public TopicCatalogue {
    if (replicationFactor < 1 || assignmentPartitions < 1) {
      throw new IllegalArgumentException("a topic has at least one partition and one replica");
    }
  }

  /** With audit records kept for 90 days. */
  public TopicCatalogue(TopicNames names, int replicationFactor, int assignmentPartitions) {
    this(names, replicationFactor, assignmentPartitions, DEFAULT_AUDIT_RETENTION);
  }

  /** Every topic of a cluster that stores these resources. */
  public List<TopicSpec> all(Collection<StorageResource> resources) {
    return Stream.concat(
            Stream.of(journal(), checkpoint(), assignments(), audit(), commands(), outcomes()),
            resources.stream().distinct().map(this::store))
        .toList();
  }

  /** Kept for ever, as far as Kafka is concerned: only the leader truncates it. */
  public TopicSpec journal() {
    Map<String, String> topic = kept(64 * MIB);
    topic.put("retention.ms", UNLIMITED);
    topic.put("retention.bytes", UNLIMITED);
    return spec(names.journal(), 1, flushed(topic));
  }

  public TopicSpec store(StorageResource resource) {
    return spec(names.store(resource), 1, compacted(16 * MIB));
  }

  public TopicSpec assignments() {
    return spec(names.assignments(), assignmentPartitions, compacted(16 * MIB));
  }

  /**
   * One record that is written again and again: cleaned early, so that reading it stays quick. It
   * is never behind what it speaks of, not even after a power failure: a checkpoint of before a
   * repair would call whole what is not, and one of before a projection would have it done twice.
   */
  public TopicSpec checkpoint() {
    Map<String, String> topic = compacted(2 * MIB);
    topic.put("max.message.bytes", String.valueOf(MIB));
    topic.put("min.cleanable.dirty.ratio", "0.1");
    return spec(names.checkpoint(), 1, flushed(topic));
  }

  public TopicSpec audit() {
    Map<String, String> topic = kept(64 * MIB);
    topic.put("retention.ms", String.valueOf(auditRetention.toMillis()));
    return spec(names.audit(), 1, topic);
  }

  /** An offset of it must never be given out twice: by it a command takes effect once. */
  public TopicSpec commands() {
    return spec(names.commands(), 1, flushed(forADay()));
  }

  public TopicSpec outcomes() {
    return spec(names.outcomes(), 1, forADay());
  }

  private Map<String, String> flushed(Map<String, String> topic) {
    if (replicationFactor == 1) {
      // No replica holds what a power failure takes: what is acknowledged must be on the disk.
      topic.put("flush.messages", "1");
      // An index that an append touched is flushed with it, which takes half as long again.
      topic.put("index.interval.bytes", String.valueOf(64 * 1024));
    }
    return topic;
  }

  private static Map<String, String> forADay() {
    Map<String, String> topic = kept(16 * MIB);
    topic.put("retention.ms", String.valueOf(COMMANDS_RETENTION.toMillis()));
    // Only whole segments expire.
    topic.put("segment.ms", String.valueOf(Duration.ofHours(1).toMillis()));
    return topic;
  }

  private static Map<String, String> kept(int segmentBytes) {
    Map<String, String> topic = sized(segmentBytes);
    topic.put("cleanup.policy", "delete");
    return topic;
  }

  private static Map<String, String> compacted(int segmentBytes) {
    Map<String, String> topic = sized(segmentBytes);
    topic.put("cleanup.policy", "compact");
    // The newest segment is never compacted; a small one that is cleaned early keeps a busy topic
    // near its live size, which is what a start has to read.
    topic.put("min.cleanable.dirty.ratio", "0.3");
    // A reader that was down for less than this sees every deletion.
    topic.put("delete.retention.ms", String.valueOf(Duration.ofDays(1).toMillis()));
    return topic;
  }

  private static Map<String, String> sized(int segmentBytes) {
    Map<String, String> topic = new HashMap<>();
    topic.put("segment.bytes", String.valueOf(segmentBytes));
    // Enough for an index entry of twelve bytes every 4 KiB, twice over.
    topic.put("segment.index.bytes", String.valueOf(segmentBytes / 4096 * 24));
    topic.put("max.message.bytes", String.valueOf(MAX_RECORD_BYTES));
    return topic;
  }

  private TopicSpec spec(String name, int partitions, Map<String, String> topic) {
    // What is acknowledged is on so many brokers; one may be missing without stopping writes.
    topic.put("min.insync.replicas", String.valueOf(Math.max(1, replicationFactor - 1)));
    // A replica that lags must not become the leader: it would take back what was acknowledged.
    topic.put("unclean.leader.election.enable", "false");
    return new TopicSpec(name, partitions, replicationFactor, topic);
  }
}
