package dev.shiplog.standalone.log;

import dev.shiplog.standalone.log.RepeatLimit.Verdict;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Keeps a fault that happens again and again from filling the log: of lines with one message, from
 * one place, ten are written in ten seconds. Any thread.
 */
@LoggingFilter(name = "repeats")
public final class RepeatFilter implements Filter {

  private static final int MOST = 10;
  private static final long SPAN_MS = 10_000;

  private final RepeatLimit limit = new RepeatLimit(MOST, SPAN_MS);

  /** Judges a line, and has the first one after a gap say how many were left out in it. */
  @Override
  public boolean isLoggable(LogRecord line) {
    // The message as it was before its parameters came in: it is the same for all of a kind.
    String kind = line.getLoggerName() + "\n" + line.getMessage();
    return switch (limit.judge(kind, line.getInstant().toEpochMilli())) {
      case Verdict.LeftOut _ -> false;
      case Verdict.Written(int leftOut) -> {
        if (leftOut > 0) {
          append(line, " (" + leftOut + " more like this were left out)");
        }
        yield true;
      }
    };
  }

  /** What is said of parameters in the message stays as it was. */
  private static void append(LogRecord line, String text) {
    if (line instanceof ExtLogRecord own) {
      own.setMessage(own.getMessage() + text, own.getFormatStyle());
    } else {
      line.setMessage(line.getMessage() + text);
    }
  }
}
