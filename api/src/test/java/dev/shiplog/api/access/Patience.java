package dev.shiplog.api.access;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for pending answers, as the API server does before it looks at a request again. */
public final class Patience {

  private static final int MOST_ANSWERS = 10;
  private static final long AT_MOST_SECONDS = 60;

  private Patience() {}

  /** What comes of it once all answers are there. */
  public static <T> T await(Supplier<T> asked) {
    for (int i = 0; i < MOST_ANSWERS; i++) {
      try {
        return asked.get();
      } catch (PendingAnswer pending) {
        pending.answered().orTimeout(AT_MOST_SECONDS, TimeUnit.SECONDS).join();
      }
    }
    throw new AssertionError("still pending after " + MOST_ANSWERS + " answers");
  }
}
