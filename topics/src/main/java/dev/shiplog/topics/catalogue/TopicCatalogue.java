package dev.shiplog.topics.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The topics of a cluster as they must be. The settings are part of the promises Shiplog makes;
 * each says why where it is not obvious.
 *
 * @param names their names
 * @param replicationFactor of every topic; {@code min.insync.replicas} is one less, at least 1
 * @param assignmentPartitions partitions of the assignments topic: nodes that share one may read
 *     each other's pods
 */
public record TopicCatalogue(TopicNames names, int replicationFactor, int assignmentPartitions) {

  public static final int DEFAULT_ASSIGNMENT_PARTITIONS = 32;

  /** An entry holds an object of 3 MiB before and after, and who asked. */
  private static final int LARGEST_ENTRY_BYTES = 9 << 20;

  private static final String DAY_MS = Long.toString(24L * 3600 * 1000);
  private static final String MONTH_MS = Long.toString(30L * 24 * 3600 * 1000);

  /** All topics there are from the start. */
  public List<TopicSpec> all(Collection<StorageResource> resources) {
    List<TopicSpec> all =
        new ArrayList<>(
            List.of(journal(), checkpoint(), assignments(), audit(), outcomes(), commands()));
    resources.stream().distinct().map(this::store).forEach(all::add);
    return all;
  }

  /** Only the leader truncates it, and never past the checkpoint. */
  public TopicSpec journal() {
    Map<String, String> settings = common("delete");
    settings.put("retention.ms", "-1");
    settings.put("retention.bytes", "-1");
    if (replicationFactor == 1) {
      // No replica has it: it is safe when it is on disk.
      settings.put("flush.messages", "1");
    }
    return new TopicSpec(names.journal(), 1, settings);
  }

  public TopicSpec checkpoint() {
    return new TopicSpec(names.checkpoint(), 1, compacted());
  }

  public TopicSpec assignments() {
    return new TopicSpec(names.assignments(), assignmentPartitions, compacted());
  }

  public TopicSpec audit() {
    return new TopicSpec(names.audit(), 1, kept(MONTH_MS));
  }

  public TopicSpec outcomes() {
    return new TopicSpec(names.outcomes(), 1, kept(DAY_MS));
  }

  public TopicSpec commands() {
    return new TopicSpec(names.commands(), 1, kept(DAY_MS));
  }

  /** The store topic of one resource. */
  public TopicSpec store(StorageResource resource) {
    return new TopicSpec(names.store(resource), 1, compacted());
  }

  private Map<String, String> compacted() {
    Map<String, String> settings = common("compact");
    // The newest segment is never compacted; a small one keeps a busy topic near its live size.
    settings.put("segment.bytes", Integer.toString(16 << 20));
    settings.put("min.cleanable.dirty.ratio", "0.3");
    // A reader that is down for less than this sees every deletion.
    settings.put("delete.retention.ms", DAY_MS);
    return settings;
  }

  private Map<String, String> kept(String retentionMs) {
    Map<String, String> settings = common("delete");
    settings.put("retention.ms", retentionMs);
    settings.put("segment.bytes", Integer.toString(64 << 20));
    return settings;
  }

  private Map<String, String> common(String policy) {
    Map<String, String> settings = new HashMap<>();
    settings.put("cleanup.policy", policy);
    settings.put("replication.factor", Integer.toString(replicationFactor));
    settings.put("min.insync.replicas", Integer.toString(Math.max(1, replicationFactor - 1)));
    settings.put("unclean.leader.election.enable", "false");
    settings.put("max.message.bytes", Integer.toString(LARGEST_ENTRY_BYTES));
    // What a record says of its time is its writer's, not the broker's.
    settings.put("message.timestamp.type", "CreateTime");
    // Index files are allocated in full for each of some ninety partitions.
    settings.put("segment.index.bytes", Integer.toString(512 << 10));
    return settings;
  }
}
