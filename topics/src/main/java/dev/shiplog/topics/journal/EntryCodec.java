package dev.shiplog.topics.journal;

import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Entry.Claim;
import dev.shiplog.topics.journal.Entry.Commit;
import dev.shiplog.topics.journal.Entry.Heartbeat;
import dev.shiplog.topics.journal.Entry.Mark;
import dev.shiplog.topics.journal.Entry.Skip;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.Json;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a journal record's value. Any thread.
 *
 * <pre>
 *   entry    = version kind fields optional      version: 1   kind: 1 claim, 2 heartbeat, 3 commit,
 *                                                             4 skip, 5 mark
 *   change   = resource key revision before after optional
 *   value    = 0 | 1 seal length bytes           the object's JSON, as it is served
 *   optional = count (tag length bytes)*         skipped where the tag is not known
 * </pre>
 *
 * Objects keep their bytes, so no encoding or decoding of JSON lies on the way from the journal to
 * a reader; origin and result are small and are JSON within. What a reader may do without is added
 * as an optional field; what it must not miss takes a new version, and every version stays
 * readable: a fixture per version is kept with the tests.
 */
public final class EntryCodec {

  /** The version that is written. */
  public static final int VERSION = 1;

  private static final int CLAIM = 1;
  private static final int HEARTBEAT = 2;
  private static final int COMMIT = 3;
  private static final int SKIP = 4;
  private static final int MARK = 5;

  private EntryCodec() {}

  public static byte[] encode(Entry entry) {
    EntryOutput out = new EntryOutput();
    out.octet(VERSION);
    switch (entry) {
      case Claim claim -> write(claim, out);
      case Heartbeat heartbeat -> write(heartbeat, out);
      case Commit commit -> write(commit, out);
      case Skip skip -> write(skip, out);
      case Mark mark -> write(mark, out);
    }
    out.noOptionalFields();
    return out.toByteArray();
  }

  /**
   * The inverse of {@link #encode}.
   *
   * @throws EntryFormatException if the bytes are no entry, or one of a version not known here
   */
  public static Entry decode(byte[] bytes) {
    EntryInput in = new EntryInput(bytes);
    int version = in.octet("version");
    if (version != VERSION) {
      throw new EntryFormatException(
          "the entry has format version "
              + version
              + "; this server reads version "
              + VERSION
              + " only: start the version of Shiplog that wrote it, or a newer one");
    }
    Entry entry = read(in);
    in.skipOptionalFields();
    in.end();
    return entry;
  }

  /**
   * Decodes a record of the journal.
   *
   * @throws EntryFormatException as above; its message says where the record lies
   */
  public static Entry decode(StoredRecord stored) {
    byte[] value = stored.record().value();
    try {
      return decode(value == null ? new byte[0] : value);
    } catch (EntryFormatException e) {
      throw new EntryFormatException(
          "the record at offset %d of %s is no entry of the journal, or of another version of it: %s"
              .formatted(stored.offset(), stored.partition(), e.getMessage()),
          e);
    }
  }

  private static Entry read(EntryInput in) {
    int kind = in.octet("kind");
    try {
      return switch (kind) {
        case CLAIM -> readClaim(in);
        case HEARTBEAT -> readHeartbeat(in);
        case COMMIT -> readCommit(in);
        case SKIP -> readSkip(in);
        case MARK -> readMark(in);
        default -> throw new EntryFormatException("there is no entry of kind " + kind);
      };
    } catch (IllegalArgumentException | UncheckedIOException | NullPointerException e) {
      throw new EntryFormatException("an entry of kind " + kind + " holds what none may", e);
    }
  }

  private static void write(Claim claim, EntryOutput out) {
    out.octet(CLAIM);
    out.number(claim.epoch());
    out.text(claim.leader());
    out.text(claim.address());
    out.number(claim.timeMs());
    out.text(claim.clusterId());
    out.number(claim.revisionFloor());
  }

  private static Claim readClaim(EntryInput in) {
    return new Claim(
        in.number("epoch"),
        in.text("leader"),
        in.text("address"),
        in.number("time"),
        in.text("cluster id"),
        in.number("revision floor"));
  }

  private static void write(Heartbeat heartbeat, EntryOutput out) {
    out.octet(HEARTBEAT);
    out.number(heartbeat.epoch());
    out.number(heartbeat.sequence());
    out.number(heartbeat.timeMs());
  }

  private static Heartbeat readHeartbeat(EntryInput in) {
    return new Heartbeat(in.number("epoch"), in.number("sequence"), in.number("time"));
  }

  private static void write(Commit commit, EntryOutput out) {
    out.octet(COMMIT);
    out.number(commit.epoch());
    out.number(commit.sequence());
    out.number(commit.timeMs());
    out.bytes(Json.bytes(commit.origin()));
    out.number(commit.changes().size());
    commit.changes().forEach(change -> write(change, out));
  }

  private static Commit readCommit(EntryInput in) {
    return new Commit(
        in.number("epoch"),
        in.number("sequence"),
        in.number("time"),
        Json.read(in.bytes("origin"), Origin.class),
        readChanges(in));
  }

  private static void write(Change change, EntryOutput out) {
    out.text(change.resource().name());
    out.text(change.key());
    out.number(change.revision());
    out.sealed(change.before());
    out.sealed(change.after());
    out.noOptionalFields();
  }

  private static List<Change> readChanges(EntryInput in) {
    int count = in.count("count of changes");
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      changes.add(readChange(in));
    }
    return changes;
  }

  private static Change readChange(EntryInput in) {
    Change change =
        new Change(
            StorageResource.parse(in.text("resource")),
            in.text("key"),
            in.number("revision"),
            in.sealed("before"),
            in.sealed("after"));
    in.skipOptionalFields();
    return change;
  }

  private static void write(Skip skip, EntryOutput out) {
    out.octet(SKIP);
    out.number(skip.epoch());
    out.number(skip.sequence());
    out.number(skip.timeMs());
    out.bytes(Json.bytes(skip.origin()));
    out.bytes(Json.bytes(skip.result()));
  }

  private static Skip readSkip(EntryInput in) {
    return new Skip(
        in.number("epoch"),
        in.number("sequence"),
        in.number("time"),
        Json.read(in.bytes("origin"), Origin.class),
        Json.read(in.bytes("result"), CommandResult.class));
  }

  private static void write(Mark mark, EntryOutput out) {
    out.octet(MARK);
    out.text(mark.server());
    out.number(mark.nonce());
  }

  private static Mark readMark(EntryInput in) {
    return new Mark(in.text("server"), in.number("nonce"));
  }
}
