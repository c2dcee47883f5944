package dev.shiplog.standalone.log;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decides which of many lines that say the same are written: a few in each span of time. What is
 * left out is counted, and told with the next line of its kind. Any thread.
 */
final class RepeatLimit {

  /** So few kinds of lines are frequent that the others' counts may be forgotten. */
  private static final int MOST_KINDS = 512;

  private final int most;
  private final long spanMs;
  private final Map<String, Kind> kinds =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kind> eldest) {
          return size() > MOST_KINDS;
        }
      };

  /** Lines that say the same, in the span that began with the first of them. */
  private static final class Kind {
    private long sinceMs;
    private int written;
    private int leftOut;
  }

  /**
   * Makes a limit.
   *
   * @param most how many lines of a kind are written in a span
   */
  RepeatLimit(int most, long spanMs) {
    this.most = most;
    this.spanMs = spanMs;
  }

  /** What becomes of a line. */
  sealed interface Verdict {
    /** It is written, after so many of its kind were left out. */
    record Written(int leftOut) implements Verdict {}

    /** It is left out. */
    record LeftOut() implements Verdict {}
  }

  /** Judges a line of a kind. */
  synchronized Verdict judge(String what, long nowMs) {
    Kind kind = kinds.computeIfAbsent(what, _ -> new Kind());
    if (nowMs - kind.sinceMs >= spanMs) {
      kind.sinceMs = nowMs;
      kind.written = 0;
    }
    if (kind.written >= most) {
      kind.leftOut++;
      return new Verdict.LeftOut();
    }
    int leftOut = kind.leftOut;
    kind.leftOut = 0;
    kind.written++;
    return new Verdict.Written(leftOut);
  }
}
