package dev.shiplog.agent.pod;

import java.util.Optional;

/**
 * An action for a pod failed and will be tried again.
 *
 * <p>The reason and the message are what a waiting container shows. After a while of waiting,
 * another pair may take their place ({@link #later}), as ImagePullBackOff follows ErrImagePull.
 */
final class ActionFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A reason with its message. */
  record Words(String reason, String message) {

    /** Nothing is said of the failure any more. */
    static final Words NONE = new Words("", "");
  }

  private final transient Words words;
  private final transient Words later;
  private final transient RetryBackoff backoff;

  ActionFailure(String reason, String message, RetryBackoff backoff, Throwable cause) {
    this(new Words(reason, message), null, backoff, cause);
  }

  /**
   * A failure that is called by another name while the next try is waited for.
   *
   * @param later null where there is no other name
   */
  ActionFailure(Words words, Words later, RetryBackoff backoff, Throwable cause) {
    super(words.message(), cause);
    this.words = words;
    this.later = later;
    this.backoff = backoff;
  }

  Words words() {
    return words;
  }

  Optional<Words> later() {
    return Optional.ofNullable(later);
  }

  RetryBackoff backoff() {
    return backoff;
  }
}
