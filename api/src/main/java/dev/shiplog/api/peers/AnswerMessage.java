package dev.shiplog.api.peers;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.shiplog.api.journal.LeaderAnswer;
import dev.shiplog.api.journal.NotTakenException;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;

/** What the leader says of a commit, as JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AnswerMessage.Committed.class, name = "committed"),
  @JsonSubTypes.Type(value = AnswerMessage.Unchanged.class, name = "unchanged"),
  @JsonSubTypes.Type(value = AnswerMessage.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = AnswerMessage.Stale.class, name = "stale"),
  @JsonSubTypes.Type(value = AnswerMessage.NotTaken.class, name = "notTaken"),
  @JsonSubTypes.Type(value = AnswerMessage.Unknown.class, name = "unknown")
})
sealed interface AnswerMessage {

  /** It is in the journal, where the follower reads the rest. */
  record Committed(long revision) implements AnswerMessage {}

  /** Nothing is in the journal. */
  record Unchanged(List<Stored> objects) implements AnswerMessage {}

  /** An object, its JSON as text so that its bytes stay what they are. */
  record Stored(String resource, String key, String json) {
    static Stored of(StoredObject object) {
      return new Stored(
          object.key().resource().name(),
          object.key().text(),
          new String(object.bytes(), StandardCharsets.UTF_8));
    }

    StoredObject decoded(BiFunction<ObjectKey, byte[], StoredObject> decoder) {
      return decoder.apply(
          ObjectKey.parse(StorageResource.parse(resource), key),
          json.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** It was refused, and this is what its client is to see. */
  record Refused(
      Reason reason,
      int code,
      String message,
      ApiFailure.Subject subject,
      List<StatusCause> causes,
      int retryAfterSeconds)
      implements AnswerMessage {}

  /** It rests on a revision that is no longer the current one. */
  record Stale(String resource, String key, long currentRevision) implements AnswerMessage {}

  /** Nothing happened and nothing will. */
  record NotTaken(String message) implements AnswerMessage {}

  /** The leader does not know itself. */
  record Unknown(String message) implements AnswerMessage {}

  /** What the leader's store said. */
  static AnswerMessage of(CommitResult result, Throwable failure) {
    if (failure == null) {
      return result.revision() > 0
          ? new Committed(result.revision())
          : new Unchanged(result.objects().stream().map(Stored::of).toList());
    }
    return ofFailure(failure instanceof CompletionException ? failure.getCause() : failure);
  }

  private static AnswerMessage ofFailure(Throwable failure) {
    return switch (failure) {
      case NotTakenException notTaken -> new NotTaken(notTaken.getMessage());
      case StaleException stale ->
          new Stale(stale.key().resource().name(), stale.key().text(), stale.currentRevision());
      case ApiFailure refusal -> ofRefusal(refusal);
      default -> new Unknown(String.valueOf(failure.getMessage()));
    };
  }

  private static AnswerMessage ofRefusal(ApiFailure refusal) {
    return switch (refusal.reason()) {
      case TIMEOUT -> new Unknown(refusal.getMessage());
      // This server stops, or still starts: another one may take it.
      case SERVICE_UNAVAILABLE -> new NotTaken(refusal.getMessage());
      default ->
          new Refused(
              refusal.reason(),
              refusal.code(),
              refusal.getMessage(),
              refusal.subject().orElse(null),
              refusal.causes(),
              refusal.retryAfterSeconds());
    };
  }

  /**
   * What the follower makes of it.
   *
   * @throws RuntimeException as {@link dev.shiplog.api.journal.CommitForwarder} has it
   */
  default LeaderAnswer answer(BiFunction<ObjectKey, byte[], StoredObject> decoder) {
    return switch (this) {
      case Committed(long revision) -> new LeaderAnswer.Committed(revision);
      case Unchanged(List<Stored> objects) ->
          new LeaderAnswer.Unchanged(
              new CommitResult(objects.stream().map(o -> o.decoded(decoder)).toList(), 0));
      case Refused refused ->
          throw new ApiFailure(
              refused.reason(),
              refused.code(),
              refused.message(),
              refused.subject(),
              refused.causes(),
              refused.retryAfterSeconds());
      case Stale(String resource, String key, long current) ->
          throw new StaleException(ObjectKey.parse(StorageResource.parse(resource), key), current);
      case NotTaken(String message) -> throw new NotTakenException(message);
      case Unknown(String message) -> throw new IllegalStateException(message);
    };
  }
}
