package dev.shiplog.api.journal;

import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.topics.journal.Entry;
import java.util.List;

/**
 * An entry as it came back from the log.
 *
 * @param offset where it lies
 * @param afters of a commit: the state after each change, null for a deletion; empty if they were
 *     not decoded, because this server most likely made them itself
 */
record TailedEntry(long offset, Entry entry, List<EncodedObject> afters) {}
