package dev.shiplog.e2e.consistency;

import java.util.Map;

/**
 * What a client asked, when, and what it was told. Times are nanoseconds of one clock; content is
 * unlike that of any other write.
 */
sealed interface Call {

  long begun();

  long ended();

  /** How a write ended. */
  enum Outcome {
    /** It took effect. */
    DONE,
    /** It did not and will not. */
    REFUSED,
    /** Not known: no answer, or one that says so. */
    UNKNOWN
  }

  /**
   * A create, update or delete.
   *
   * @param expected the revision the object must have: 0 for none, -1 for any
   * @param content what is written; null for a delete
   * @param revision what was answered; 0 if nothing was
   */
  record Write(
      long begun,
      long ended,
      String key,
      long expected,
      String content,
      Outcome outcome,
      long revision,
      String answer)
      implements Call {}

  /**
   * A linearizable get.
   *
   * @param found null if there was no such object
   */
  record Get(long begun, long ended, String key, Version found) implements Call {}

  /**
   * A list.
   *
   * @param linearizable whether it had to show everything acknowledged before
   * @param revision the revision it named
   */
  record Listing(
      long begun, long ended, boolean linearizable, long revision, Map<String, Version> objects)
      implements Call {
    public Listing {
      objects = Map.copyOf(objects);
    }
  }

  /** An object as it was seen. */
  record Version(long revision, String content) {}
}
