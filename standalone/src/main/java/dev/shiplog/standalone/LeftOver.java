package dev.shiplog.standalone;

import java.nio.file.Files;

/** What a process that was killed could not take along. */
public final class LeftOver {

  private LeftOver() {}

  /**
   * Ends the containers and the containerd of a data directory on which no process runs.
   *
   * @return whether there were any
   * @throws StartFailure if a process runs there after all, or they cannot be reached
   */
  public static boolean end(DataDirectory data) {
    if (!Files.isDirectory(data.containerd())) {
      return false;
    }
    try (AutoCloseable _ = data.take()) {
      return OwnContainerd.endLeftOver(data);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
