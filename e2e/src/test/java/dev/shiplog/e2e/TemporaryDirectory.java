package dev.shiplog.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory that several test classes share; goes with everything in it. */
record TemporaryDirectory(Path path) implements AutoCloseable {

  static TemporaryDirectory make() {
    try {
      return new TemporaryDirectory(Files.createTempDirectory("shiplog-e2e"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
