package dev.shiplog.api.peers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A commit on its way to the leader, as JSON.
 *
 * @param epoch by which its sender knows the leader
 */
record CommitMessage(long epoch, Origin origin, boolean dryRun, List<ProposedObject> changes) {

  /** Numbers in objects come out as they went in. */
  private static final ObjectReader READER =
      Json.MAPPER
          .readerFor(CommitMessage.class)
          .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

  /** What is asked for a key. */
  enum Verb {
    CREATE,
    UPDATE,
    DELETE
  }

  /**
   * One proposed change.
   *
   * @param revision expected; 0 for a creation
   * @param object null for a deletion
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ProposedObject(Verb verb, String resource, String key, long revision, ObjectNode object) {

    static ProposedObject of(ProposedChange change) {
      String resource = change.key().resource().name();
      String key = change.key().text();
      return switch (change) {
        case ProposedChange.Create(_, ObjectNode object) ->
            new ProposedObject(Verb.CREATE, resource, key, 0, object);
        case ProposedChange.Update(_, long revision, ObjectNode object) ->
            new ProposedObject(Verb.UPDATE, resource, key, revision, object);
        case ProposedChange.Delete(_, long revision) ->
            new ProposedObject(Verb.DELETE, resource, key, revision, null);
      };
    }

    ProposedChange change() {
      ObjectKey named = ObjectKey.parse(StorageResource.parse(resource), key);
      return switch (verb) {
        case CREATE -> new ProposedChange.Create(named, object);
        case UPDATE -> new ProposedChange.Update(named, revision, object);
        case DELETE -> new ProposedChange.Delete(named, revision);
      };
    }
  }

  static CommitMessage of(long epoch, CommitRequest request) {
    return new CommitMessage(
        epoch,
        request.origin(),
        request.dryRun(),
        request.changes().stream().map(ProposedObject::of).toList());
  }

  /**
   * Reads a message.
   *
   * @throws UncheckedIOException if the bytes are none
   */
  static CommitMessage read(byte[] json) {
    try {
      return READER.readValue(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    return Json.bytes(this);
  }

  CommitRequest request() {
    return new CommitRequest(origin, changes.stream().map(ProposedObject::change).toList(), dryRun);
  }
}
