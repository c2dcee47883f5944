package dev.shiplog.agent.pod;

import java.time.Duration;
import java.time.Instant;

/**
 * Where a pod is in its life. Each state has methods for its legal exits and no others:
 *
 * <pre>
 * Active → Terminating → Ended → Releasing → Released
 * </pre>
 *
 * <p>A pod that ends by itself stays Ended, with its logs, until it is deleted.
 */
sealed interface PodLife {

  /** Whether nothing of it runs any more. */
  default boolean isOver() {
    return switch (this) {
      case Active active -> false;
      case Terminating terminating -> false;
      case Ended ended -> true;
      case Releasing releasing -> true;
      case Released released -> true;
    };
  }

  /** Its containers are to run. */
  record Active() implements PodLife {

    Terminating terminate(Termination why, Duration grace, Instant now) {
      return new Terminating(why, now.plus(grace));
    }
  }

  /**
   * Its containers are ending.
   *
   * @param deadline until when they have time
   */
  record Terminating(Termination why, Instant deadline) implements PodLife {

    /** The same end with less time; more time is not given. */
    Terminating by(Instant earlier) {
      return earlier.isBefore(deadline) ? new Terminating(why, earlier) : this;
    }

    Duration left(Instant now) {
      Duration left = Duration.between(now, deadline);
      return left.isNegative() ? Duration.ZERO : left;
    }

    Ended ended() {
      return new Ended(why);
    }
  }

  /** Nothing of it runs; its runs and logs can still be read. */
  record Ended(Termination why) implements PodLife {

    Releasing release() {
      return new Releasing(why);
    }
  }

  /** What it left on the node is being removed. */
  record Releasing(Termination why) implements PodLife {

    Released released() {
      return new Released(why);
    }
  }

  /** Nothing of it is left here. */
  record Released(Termination why) implements PodLife {}
}
