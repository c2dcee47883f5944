package dev.shiplog.api.journal;

import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.EntryCodec;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.seal.Sealing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Decodes records of the journal, objects included, off the loop's thread. Any thread. */
final class EntryReader {

  private final ObjectCodec codec;
  private final Sealing sealing;

  /** Of a journal with nothing sealed in it. */
  EntryReader(ObjectCodec codec) {
    this(codec, Sealing.NONE);
  }

  EntryReader(ObjectCodec codec, Sealing sealing) {
    this.codec = codec;
    this.sealing = sealing;
  }

  /**
   * Decodes a record.
   *
   * @param ownEpoch the epoch this server leads, or -1: objects of its entries are at hand already
   * @throws RuntimeException if this version cannot read it: nothing after it may be applied
   */
  TailedEntry read(StoredRecord stored, long ownEpoch) {
    Entry entry = EntryCodec.decode(stored);
    boolean objectsNeeded = entry instanceof Entry.Commit commit && commit.epoch() != ownEpoch;
    return new TailedEntry(
        stored.offset(), entry, objectsNeeded ? afters((Entry.Commit) entry) : List.of());
  }

  /** The objects that a commit leaves, null for those it deletes. */
  List<EncodedObject> afters(Entry.Commit commit) {
    List<EncodedObject> afters = new ArrayList<>(commit.changes().size());
    commit.changes().forEach(change -> afters.add(after(change)));
    return afters;
  }

  /** The object before a change, which must have been one. */
  EncodedObject before(Change change) {
    return decode(change, sealing.open(change, change.before()));
  }

  /** The object after a change, or null if it deletes it. */
  EncodedObject after(Change change) {
    return change.after() == null ? null : decode(change, sealing.open(change, change.after()));
  }

  Sealing sealing() {
    return sealing;
  }

  /** Whether a change's earlier value is that of the object. */
  boolean isBefore(EncodedObject object, Change change) {
    return Arrays.equals(object.bytes(), sealing.open(change, change.before()));
  }

  private EncodedObject decode(Change change, byte[] bytes) {
    ObjectKey key = ObjectKey.parse(change.resource(), change.key());
    return codec.decode(key, change.key(), bytes);
  }
}
