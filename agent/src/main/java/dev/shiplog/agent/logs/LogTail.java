package dev.shiplog.agent.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** The end of a container's log, as its termination message. */
public final class LogTail {

  private static final int MAX_BYTES = 2048;
  private static final int MAX_LINES = 80;

  /** Enough for the records of as much text, with their heads. */
  private static final int READ_BYTES = 64 * 1024;

  private LogTail() {}

  /** At most the last 80 lines and 2048 bytes; empty where there is no log. */
  public static String forTerminationMessage(Path log) {
    try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ)) {
      ByteBuffer end = ByteBuffer.allocate((int) Math.min(READ_BYTES, file.size()));
      file.read(end, file.size() - end.capacity());
      byte[] text = text(Arrays.copyOf(end.array(), end.position()));
      int from = Math.max(0, text.length - MAX_BYTES);
      return new String(text, from, text.length - from, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static byte[] text(byte[] records) {
    List<String> lines = new String(records, StandardCharsets.ISO_8859_1).lines().toList();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    lines.stream()
        .skip(Math.max(0, lines.size() - MAX_LINES))
        .flatMap(line -> LogLine.parse(line.getBytes(StandardCharsets.ISO_8859_1)).stream())
        .forEach(line -> {
          text.writeBytes(line.text());
          if (line.isFull()) {
            text.write('\n');
          }
        });
    return text.toByteArray();
  }
}
