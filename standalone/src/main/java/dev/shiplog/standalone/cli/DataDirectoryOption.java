package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.DataDirectory;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which cluster a command is about: the one that lives in this directory. */
final class DataDirectoryOption {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = {
        "Where the cluster keeps everything it has.",
        "Default: $SHIPLOG_DATA_DIR, else ~/.shiplog"
      })
  private Path chosen;

  DataDirectory directory() {
    return new DataDirectory((chosen == null ? standard() : chosen).toAbsolutePath().normalize());
  }

  private static Path standard() {
    String variable = System.getenv("SHIPLOG_DATA_DIR");
    return variable == null || variable.isBlank() ? Path.of(home(), ".shiplog") : Path.of(variable);
  }

  /** What the shell expands ~ to; the JVM's own idea comes from the user database. */
  private static String home() {
    String variable = System.getenv("HOME");
    return variable == null || variable.isBlank() ? System.getProperty("user.home") : variable;
  }
}
