package dev.shiplog.agent.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a log file record by record while it is written, and goes on in the new one when it was
 * rotated away. One thread.
 */
final class LogFile implements AutoCloseable {

  private static final int BLOCK = 64 << 10;

  private final Path path;
  private final byte[] block = new byte[BLOCK];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private RandomAccessFile file;
  private Object identity;
  private int blockStart;
  private int blockEnd;
  private long position;

  LogFile(Path path) {
    this.path = path;
  }

  /** The next whole record; empty if there is none yet, or what there was is no record. */
  Optional<CriLine> next() throws IOException {
    while (readLine()) {
      byte[] bytes = line.toByteArray();
      line.reset();
      Optional<CriLine> parsed = CriLine.parse(bytes, bytes.length);
      if (parsed.isPresent()) {
        return parsed;
      }
    }
    return Optional.empty();
  }

  /** Offset behind the records returned so far. */
  long position() {
    return position;
  }

  /** Goes on from an offset that {@link #position} once said. */
  void seek(long offset) throws IOException {
    if (file != null) {
      file.seek(offset);
    }
    blockStart = 0;
    blockEnd = 0;
    position = offset;
    line.reset();
  }

  /** Moves on to a new file under the same path, if there is one. */
  boolean reopenIfRotated() throws IOException {
    Object now = identityNow();
    if (now == null || Objects.equals(now, identity)) {
      return false;
    }
    close();
    position = 0;
    return open();
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  /**
   * Collects bytes up to a newline; what is there of an unfinished line stays for the next call.
   */
  private boolean readLine() throws IOException {
    while (fill()) {
      while (blockStart < blockEnd) {
        byte next = block[blockStart++];
        position++;
        if (next == '\n') {
          return true;
        }
        line.write(next);
      }
    }
    return false;
  }

  private boolean fill() throws IOException {
    if (blockStart < blockEnd) {
      return true;
    }
    if (file == null && !open()) {
      return false;
    }
    int read = file.read(block);
    blockStart = 0;
    blockEnd = Math.max(0, read);
    return read > 0;
  }

  private boolean open() throws IOException {
    Object now = identityNow();
    if (now == null) {
      return false;
    }
    file = new RandomAccessFile(path.toFile(), "r");
    identity = now;
    seek(position);
    return true;
  }

  private Object identityNow() throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
