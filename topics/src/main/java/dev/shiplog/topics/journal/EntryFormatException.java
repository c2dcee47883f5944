package dev.shiplog.topics.journal;

/**
 * A journal record is no entry this version can read. Whoever meets one stops: to skip an entry is
 * to lose a change, and to guess at it is worse.
 */
public final class EntryFormatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EntryFormatException(String message) {
    super(message);
  }

  EntryFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
