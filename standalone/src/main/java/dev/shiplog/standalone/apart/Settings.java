package dev.shiplog.standalone.apart;

import dev.shiplog.api.runtime.KafkaConfig;
import dev.shiplog.api.runtime.TopicsConfig;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.tracing.TraceExport;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.PathConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of a part that is no Quarkus application, from the places that Quarkus reads and
 * with the same precedence: system properties, the environment, the given file.
 */
final class Settings {

  private static final int BY_CONVENTION = 200;

  private final SmallRyeConfig config;

  private Settings(SmallRyeConfig config) {
    this.config = config;
  }

  /**
   * Reads them.
   *
   * @throws StartFailure if one of them cannot be used
   */
  static Settings read() {
    try {
      return new Settings(
          new SmallRyeConfigBuilder()
              .addDefaultInterceptors()
              .addSystemSources()
              .withSources(new GivenFile())
              .withMapping(TopicsConfig.class)
              .withMapping(KafkaConfig.class)
              .withMapping(ManagementConfig.class)
              .withMapping(LogConfig.class)
              .withMapping(TracingConfig.class)
              .withMapping(ControllersConfig.class)
              .withMapping(SchedulerConfig.class)
              .withMapping(AgentConfig.class)
              .withConverter(Duration.class, BY_CONVENTION, new DurationConverter())
              .withConverter(Path.class, BY_CONVENTION, new PathConverter())
              .build());
    } catch (ConfigValidationException e) {
      throw new StartFailure("the configuration is wrong: " + e.getMessage());
    }
  }

  /** Has a part's steps told where they are to be. */
  TraceExport traces(String part) {
    TracingConfig config = get(TracingConfig.class);
    return TraceExport.start(config.endpoint(), config.sampling(), "shiplog-" + part);
  }

  <T> T get(Class<T> mapping) {
    return config.getConfigMapping(mapping);
  }
}
