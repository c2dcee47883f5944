package dev.shiplog.api.changes;

import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ChangeLog;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.CompletableFuture;

/** A place in history as people name it: a revision or a time. */
public sealed interface Moment {

  /** A revision. */
  record AtRevision(long revision) implements Moment {}

  /** A time. */
  record AtTime(Instant time) implements Moment {}

  /**
   * Reads one.
   *
   * @param name what is said in the refusal
   * @throws dev.shiplog.api.status.ApiFailure {@code BadRequest}
   */
  static Moment parse(String name, String text) {
    try {
      long revision = Long.parseLong(text);
      if (revision >= 0) {
        return new AtRevision(revision);
      }
    } catch (NumberFormatException notANumber) {
      try {
        return new AtTime(OffsetDateTime.parse(text).toInstant());
      } catch (DateTimeException notATime) {
        // said below
      }
    }
    throw Failures.badRequest(
        "invalid value of %s: \"%s\" is neither a revision nor a time like 2026-01-31T10:00:00Z"
            .formatted(name, text));
  }

  /** The last revision that was given out up to here. */
  default CompletableFuture<Long> revision(ChangeLog log) {
    return switch (this) {
      case AtRevision at -> CompletableFuture.completedFuture(at.revision());
      case AtTime at -> log.revisionAt(at.time());
    };
  }
}
