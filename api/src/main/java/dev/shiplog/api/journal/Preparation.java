package dev.shiplog.api.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.api.view.ObjectTemplate;
import dev.shiplog.api.view.Sameness;
import dev.shiplog.api.view.State;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Does what can be done for a commit on the thread that asks for it. Any thread. */
final class Preparation {

  private final ObjectCodec codec;
  private final int maxObjectBytes;

  Preparation(ObjectCodec codec, int maxObjectBytes) {
    this.codec = codec;
    this.maxObjectBytes = maxObjectBytes;
  }

  /**
   * Encodes what is proposed.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code RequestEntityTooLarge}
   * @throws IllegalArgumentException if a key is named twice
   */
  List<PreparedChange> prepare(CommitRequest request, State current) {
    Set<ObjectKey> keys = new HashSet<>();
    for (ProposedChange change : request.changes()) {
      if (!keys.add(change.key())) {
        throw new IllegalArgumentException("one transaction changes " + change.key() + " twice");
      }
    }
    return request.changes().stream().map(change -> prepare(change, current)).toList();
  }

  /**
   * Refuses an object that is larger than any that is stored.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code RequestEntityTooLarge}
   */
  static void checkSize(ObjectTemplate template, ObjectKey key, int maxObjectBytes) {
    if (template.sizeWithoutRevision() > maxObjectBytes) {
      throw Failures.tooLarge(
          "%s \"%s\" would take %d bytes; an object may take at most %d"
              .formatted(
                  key.resource().qualifiedName(),
                  key.name(),
                  template.sizeWithoutRevision(),
                  maxObjectBytes));
    }
  }

  private PreparedChange prepare(ProposedChange change, State current) {
    return switch (change) {
      case ProposedChange.Create create -> put(create.key(), true, 0, create.object(), current);
      case ProposedChange.Update update ->
          put(update.key(), false, update.expectedRevision(), update.object(), current);
      case ProposedChange.Delete delete ->
          new PreparedChange.Remove(delete.key(), delete.key().text(), delete.expectedRevision());
    };
  }

  private PreparedChange.Put put(
      ObjectKey key, boolean create, long expectedRevision, ObjectNode object, State current) {
    String keyText = key.text();
    ObjectTemplate template = codec.encode(key, keyText, object);
    checkSize(template, key, maxObjectBytes);
    EncodedObject before = create ? null : current.get(key.resource(), keyText);
    if (before == null) {
      return new PreparedChange.Put(
          key, keyText, create, expectedRevision, object, template, null, false);
    }
    boolean same = Sameness.saysTheSame(template, object, before);
    return new PreparedChange.Put(
        key, keyText, create, expectedRevision, object, template.sharing(before), before, same);
  }
}
