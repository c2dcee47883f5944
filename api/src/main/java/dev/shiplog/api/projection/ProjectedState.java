package dev.shiplog.api.projection;

import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TransactionalWriter;
import dev.shiplog.topics.record.AssignmentKey;
import dev.shiplog.topics.record.Checkpoint;
import dev.shiplog.topics.record.RecordHeaders;
import dev.shiplog.topics.seal.Sealing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Makes the compacted topics say what a state says, after they were damaged in a way that the
 * journal cannot repair: for a recovery, while no server runs. One use, one thread.
 */
public final class ProjectedState {

  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final int BATCH = 1000;

  private final TopicLog log;
  private final TopicNames names;
  private final int assignmentPartitions;
  private final EntryPlace place;
  private final List<ProjectedRecord> records = new ArrayList<>();

  /**
   * Prepares a repair.
   *
   * @param journalOffset what the records name as the entry they follow from
   */
  public ProjectedState(
      TopicLog log,
      TopicNames names,
      int assignmentPartitions,
      String clusterId,
      long journalOffset,
      long timeMs) {
    this.log = log;
    this.names = names;
    this.assignmentPartitions = assignmentPartitions;
    this.place = new EntryPlace(clusterId, journalOffset, timeMs, null);
  }

  /**
   * Compares what store topics hold with what they should, and notes what to write.
   *
   * @param revision of the tombstones of objects that should be gone
   */
  public void compareStore(
      Collection<StorageResource> resources,
      State held,
      State wanted,
      long revision,
      Sealing sealing) {
    for (StorageResource resource : resources) {
      Partition topic = Partition.only(names.store(resource));
      for (Iterator<StoredObject> all = wanted.list(resource, "", ""); all.hasNext(); ) {
        StoredObject object = all.next();
        boolean isHeld =
            held.get(object.key()).filter(h -> h.revision() == object.revision()).isPresent();
        if (!isHeld) {
          SealedValue value = sealing.seal(resource, object.key().text(), object.bytes());
          records.add(
              EntryProjection.stored(topic, object.key().text(), value, object.revision(), place));
        }
      }
      for (Iterator<StoredObject> all = held.list(resource, "", ""); all.hasNext(); ) {
        StoredObject object = all.next();
        if (wanted.get(object.key()).isEmpty()) {
          add(topic, object.key().text(), null, revision);
        }
      }
    }
  }

  /**
   * The same for assignments.
   *
   * @param held records of the assignments topic, in the order of each partition
   */
  public void compareAssignments(Collection<StoredRecord> held, State wanted, long revision) {
    Map<String, Long> assigned = new HashMap<>();
    for (StoredRecord stored : held) {
      String key = new String(stored.record().key(), StandardCharsets.UTF_8);
      if (stored.record().value() == null) {
        assigned.remove(key);
      } else {
        assigned.put(key, revisionOf(stored));
      }
    }
    Set<String> needed = new HashSet<>();
    for (Iterator<StoredObject> pods = wanted.list(PODS, "", ""); pods.hasNext(); ) {
      StoredObject pod = pods.next();
      String node = NodeName.of(pod.bytes());
      if (!node.isEmpty()) {
        String key = node + "/" + pod.key().text();
        needed.add(key);
        if (assigned.getOrDefault(key, -1L) != pod.revision()) {
          add(partitionOf(node), key, pod.bytes(), pod.revision());
        }
      }
    }
    assigned.keySet().stream()
        .filter(key -> !needed.contains(key))
        .forEach(key -> add(partitionOf(AssignmentKey.parse(key).node()), key, null, revision));
  }

  /**
   * Writes what was noted and the checkpoint as one transaction, fencing whoever projected before.
   *
   * @param checkpoint its ends are those of all projected partitions before this
   * @return how many records were missing or wrong
   */
  public int write(Checkpoint checkpoint) {
    Map<String, Long> ends = new HashMap<>(checkpoint.ends());
    try (TransactionalWriter writer = log.openTransactionalWriter(names.prefix() + ".projection")) {
      writer.begin();
      for (int from = 0; from < records.size(); from += BATCH) {
        append(writer, records.subList(from, Math.min(records.size(), from + BATCH)), ends);
      }
      CompletableFuture<Long> last =
          writer.append(
              CheckpointLog.partition(names),
              CheckpointLog.record(checkpoint.withEnds(ends), place.timeMs()));
      writer.commit();
      last.join();
    }
    return records.size();
  }

  private static void append(
      TransactionalWriter writer, List<ProjectedRecord> batch, Map<String, Long> ends) {
    List<CompletableFuture<Long>> offsets =
        batch.stream().map(r -> writer.append(r.partition(), r.record())).toList();
    writer.flush();
    for (int i = 0; i < batch.size(); i++) {
      ends.merge(batch.get(i).partition().toString(), offsets.get(i).join() + 1, Math::max);
    }
  }

  private void add(Partition partition, String key, byte[] value, long revision) {
    records.add(
        new ProjectedRecord(
            partition,
            new LogRecord(EntryPlace.utf8(key), value, place.timeMs(), place.headers(revision))));
  }

  private Partition partitionOf(String node) {
    return AssignmentKey.partitionOf(names.assignments(), node, assignmentPartitions);
  }

  private static long revisionOf(StoredRecord stored) {
    byte[] header = stored.record().headers().get(RecordHeaders.REVISION);
    return header == null ? -1 : Long.parseLong(new String(header, StandardCharsets.UTF_8));
  }
}
