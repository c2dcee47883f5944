package dev.shiplog.agent.simulated;

import dev.shiplog.agent.runtime.RuntimeRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** What simulated containers say, in CRI's log format. One that says nothing has no file. */
final class SimulatedLog {

  private static final DateTimeFormatter NANOS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);

  private SimulatedLog() {}

  static void write(Path file, List<String> lines, Instant at) {
    if (lines.isEmpty()) {
      return;
    }
    String time = NANOS.format(at);
    try {
      Files.createDirectories(file.getParent());
      Files.write(
          file,
          lines.stream().map(line -> time + " stdout F " + line).toList(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new RuntimeRefusedException("", "cannot write the log " + file, e);
    }
  }
}
