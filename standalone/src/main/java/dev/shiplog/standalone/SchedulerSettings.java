package dev.shiplog.standalone;

import dev.shiplog.scheduler.config.ConfigurationReader;
import dev.shiplog.scheduler.config.InvalidConfiguration;
import dev.shiplog.scheduler.config.SchedulerConfiguration;
import dev.shiplog.scheduler.framework.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the scheduler is configured. */
public final class SchedulerSettings {

  private SchedulerSettings() {}

  /**
   * Reads the configuration; the defaults where there is no file.
   *
   * @throws StartFailure if the file cannot be used
   */
  public static SchedulerConfiguration read(Optional<Path> file) {
    try {
      ConfigurationReader reader =
          ConfigurationReader.withPluginsOf(Thread.currentThread().getContextClassLoader());
      return file.isEmpty() ? reader.byDefault() : reader.read(Files.readString(file.get()));
    } catch (IOException | InvalidConfiguration e) {
      String where = file.map(path -> " " + path).orElse("");
      throw new StartFailure("the scheduler's configuration" + where + ": " + e.getMessage());
    }
  }

  /** For people: the names under which it schedules. */
  public static String names(SchedulerConfiguration configuration) {
    return configuration.profiles().stream()
        .map(Profile::schedulerName)
        .collect(Collectors.joining(", "));
  }
}
