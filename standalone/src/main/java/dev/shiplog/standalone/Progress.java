package dev.shiplog.standalone;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells the person at the terminal what was brought up and how long it took, a line per part. Used
 * by one thread at a time.
 */
public final class Progress {

  /** How the line begins that says that everything is up. */
  static final String READY = "ready";

  private final PrintStream out;
  private final LongSupplier nanoTime;
  private final long begun;
  private long partBegun;

  public Progress(PrintStream out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    this.partBegun = begun;
  }

  /** A part is up; its time is counted from the part before. */
  public void up(String part, String detail) {
    long now = nanoTime.getAsLong();
    out.printf(Locale.ROOT, "  %-12s %6s  %s%n", part, seconds(now - partBegun), detail);
    out.flush();
    partBegun = now;
  }

  /** Something worth knowing that is not a part. */
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Everything is up. */
  public void ready() {
    say(READY + " after " + seconds(nanoTime.getAsLong() - begun));
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", Duration.ofNanos(nanos).toMillis() / 1000.0);
  }
}
