package dev.shiplog.api.projection;

import dev.shiplog.api.audit.AuditPolicy;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.journal.Entry.Commit;
import dev.shiplog.topics.journal.Entry.Skip;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.record.AssignmentKey;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.record.RecordHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What follows from an entry: a pure function of it and its place, so that whoever projects an
 * entry again writes the same records again. Any thread.
 */
final class EntryProjection {

  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final int CREATED = 201;
  private static final int DONE = 200;

  private final TopicNames names;
  private final int assignmentPartitions;
  private final AuditPolicy audit;

  EntryProjection(TopicNames names, ProjectionSettings settings) {
    this.names = names;
    this.assignmentPartitions = settings.assignmentPartitions();
    this.audit = settings.audit();
  }

  List<ProjectedRecord> of(Commit commit, EntryPlace place) {
    List<ProjectedRecord> records = new ArrayList<>(commit.changes().size() * 2 + 1);
    for (Change change : commit.changes()) {
      records.add(stored(change, place));
      if (change.resource().equals(PODS)) {
        records.addAll(assigned(change, place));
      }
      records.add(AuditRecord.of(names, audit, commit.origin(), change, place));
    }
    commit
        .origin()
        .command()
        .ifPresent(command -> records.add(outcome(command, resultOf(commit), commit, place)));
    return records;
  }

  List<ProjectedRecord> of(Skip skip, EntryPlace place) {
    return skip.origin().command().stream()
        .map(command -> outcome(command, skip.result(), 0, place))
        .toList();
  }

  private ProjectedRecord stored(Change change, EntryPlace place) {
    return stored(
        Partition.only(names.store(change.resource())),
        change.key(),
        change.after(),
        change.revision(),
        place);
  }

  /** A sealed value stays sealed, and the record says so. */
  static ProjectedRecord stored(
      Partition topic, String key, SealedValue value, long revision, EntryPlace place) {
    Map<String, byte[]> headers = place.headers(revision);
    if (value != null && value.seal() != SealedValue.PLAIN) {
      headers.put(RecordHeaders.SEAL, EntryPlace.utf8(Byte.toString(value.seal())));
    }
    return new ProjectedRecord(
        topic,
        new LogRecord(
            EntryPlace.utf8(key), value == null ? null : value.bytes(), place.timeMs(), headers));
  }

  /** A pod's node never changes, but its name may be used again for a pod on another node. */
  private List<ProjectedRecord> assigned(Change change, EntryPlace place) {
    String before = node(change.before());
    String after = node(change.after());
    List<ProjectedRecord> records = new ArrayList<>(2);
    if (!before.isEmpty() && !before.equals(after)) {
      records.add(assignment(before, change, null, place));
    }
    if (!after.isEmpty()) {
      records.add(assignment(after, change, change.after().open(), place));
    }
    return records;
  }

  private ProjectedRecord assignment(String node, Change change, byte[] pod, EntryPlace place) {
    return new ProjectedRecord(
        AssignmentKey.partitionOf(names.assignments(), node, assignmentPartitions),
        new LogRecord(
            EntryPlace.utf8(node + "/" + change.key()),
            pod,
            place.timeMs(),
            place.headers(change.revision())));
  }

  private static String node(SealedValue pod) {
    return pod == null ? "" : NodeName.of(pod.open());
  }

  private static CommandResult resultOf(Commit commit) {
    Change first = commit.changes().getFirst();
    long last =
        commit.changes().stream()
            .filter(change -> change.resource().equals(first.resource()))
            .mapToLong(Change::revision)
            .max()
            .orElseThrow();
    int code = first.operation() == Change.Operation.CREATE ? CREATED : DONE;
    return new CommandResult(code, "", "", first.resource().name(), last);
  }

  private ProjectedRecord outcome(
      CommandRef command, CommandResult result, Commit commit, EntryPlace place) {
    return outcome(command, result, commit.changes().getFirst().revision(), place);
  }

  private ProjectedRecord outcome(
      CommandRef command, CommandResult result, long revision, EntryPlace place) {
    Outcome outcome =
        new Outcome(
            command.id(),
            command.application(),
            command.generation(),
            command.offset(),
            place.offset(),
            revision,
            result);
    return new ProjectedRecord(
        Partition.only(names.outcomes()),
        new LogRecord(
            EntryPlace.utf8(command.key()),
            Json.bytes(outcome),
            place.timeMs(),
            place.headers(revision)));
  }
}
