package dev.shiplog.agent.server;

import dev.shiplog.agent.server.PodLogs.ContainerLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Writes what is wanted of a log to a client, following it if asked to. One thread. */
final class LogStream {

  private static final long LOOK_EVERY_MS = 100;

  private final ContainerLog log;
  private final LogOptions options;
  private final OutputStream out;
  private final CountDownLatch closing;
  private long left;
  private boolean insideLine;

  /**
   * Prepares a stream.
   *
   * @param closing ends following when it reaches zero
   */
  LogStream(ContainerLog log, LogOptions options, OutputStream out, CountDownLatch closing) {
    this.log = log;
    this.options = options;
    this.out = out;
    this.closing = closing;
    this.left = options.limitBytes() == LogOptions.ALL ? Long.MAX_VALUE : options.limitBytes();
  }

  void write() throws IOException, InterruptedException {
    try (LogFile file = new LogFile(log.file())) {
      if (options.tailLines() != LogOptions.ALL) {
        file.seek(tailStart(options.tailLines()));
      }
      boolean more = true;
      while (more && left > 0) {
        // Asked before reading, so that what a container wrote last is still read after its end.
        boolean running = log.running().getAsBoolean();
        drain(file);
        out.flush();
        boolean rotated = file.reopenIfRotated();
        more = rotated || (options.follow() && running && !closedWithin(LOOK_EVERY_MS));
      }
    }
  }

  /** Where the last lines begin. Reads the file once; rotation keeps it small. */
  private long tailStart(long lines) throws IOException {
    Deque<Long> starts = new ArrayDeque<>();
    try (LogFile file = new LogFile(log.file())) {
      long start = 0;
      boolean begins = true;
      for (Optional<CriLine> line = file.next(); line.isPresent(); line = file.next()) {
        if (begins) {
          starts.add(start);
          if (starts.size() > lines) {
            starts.remove();
          }
        }
        begins = !line.get().partial();
        start = file.position();
      }
      return starts.isEmpty() ? start : starts.getFirst();
    }
  }

  private void drain(LogFile file) throws IOException {
    for (Optional<CriLine> line = file.next(); line.isPresent() && left > 0; line = file.next()) {
      if (!line.get().isBefore(options.since())) {
        write(line.get());
      }
    }
  }

  private void write(CriLine line) throws IOException {
    if (options.timestamps() && !insideLine) {
      write((line.time() + " ").getBytes(StandardCharsets.US_ASCII));
    }
    write(line.content());
    insideLine = line.partial();
    if (!insideLine) {
      write(new byte[] {'\n'});
    }
  }

  private void write(byte[] bytes) throws IOException {
    int length = (int) Math.min(left, bytes.length);
    out.write(bytes, 0, length);
    left -= length;
  }

  private boolean closedWithin(long ms) throws InterruptedException {
    return closing.await(ms, TimeUnit.MILLISECONDS);
  }
}
