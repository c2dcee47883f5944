package dev.shiplog.standalone;

import dev.shiplog.scheduler.config.ConfigurationReader;
import dev.shiplog.scheduler.config.InvalidConfiguration;
import dev.shiplog.scheduler.config.SchedulerConfiguration;
import dev.shiplog.scheduler.framework.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.stream.Collectors;

/** How the scheduler is configured. */
public final class SchedulerSettings {

  private SchedulerSettings() {}

  /**
   * Reads the configuration; the defaults where there is no file.
   *
   * @param plugins directory whose jars hold further plugins
   * @throws StartFailure if the file cannot be used, or a plugin
   */
  public static SchedulerConfiguration read(Optional<Path> file, Optional<Path> plugins) {
    try {
      ConfigurationReader reader =
          ConfigurationReader.withPluginsOf(
              plugins.isEmpty() ? here() : PluginJars.of(plugins.get(), here()));
      return file.isEmpty() ? reader.byDefault() : reader.read(Files.readString(file.get()));
    } catch (IOException | InvalidConfiguration e) {
      String where = file.map(path -> " " + path).orElse("");
      throw new StartFailure("the scheduler's configuration" + where + ": " + e.getMessage());
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new StartFailure("a plugin of the scheduler cannot be loaded: " + e.getMessage());
    }
  }

  private static ClassLoader here() {
    return Thread.currentThread().getContextClassLoader();
  }

  /** For people: the names under which it schedules. */
  public static String names(SchedulerConfiguration configuration) {
    return configuration.profiles().stream()
        .map(Profile::schedulerName)
        .collect(Collectors.joining(", "));
  }
}
