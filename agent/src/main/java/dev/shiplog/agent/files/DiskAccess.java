package dev.shiplog.agent.files;

import dev.shiplog.agent.container.PodConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Turns the errors of the disk into what a pod's files may throw. */
final class DiskAccess {

  private DiskAccess() {}

  /** Something on the disk. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  static <T> T io(Action<T> action) {
    try {
      return action.run();
    } catch (IOException | UncheckedIOException e) {
      throw new PodConfigException(words(e), e);
    }
  }

  /** The message of a file's error is only its name. */
  static String words(Exception e) {
    return e instanceof IOException || e instanceof UncheckedIOException
        ? e.getClass().getSimpleName() + ": " + e.getMessage()
        : e.getMessage();
  }
}
