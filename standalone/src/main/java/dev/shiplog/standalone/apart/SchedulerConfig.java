package dev.shiplog.standalone.apart;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the scheduler is told. */
@ConfigMapping(prefix = "shiplog.scheduler")
public interface SchedulerConfig {

  /** File with a KubeSchedulerConfiguration; the defaults of Kubernetes if absent. */
  Optional<Path> configFile();

  /** Directory with jars of further plugins, which the file may name; none if absent. */
  Optional<Path> plugins();

  /** Of the other processes, how many keep what they read in memory, to take over at once. */
  @WithDefault("1")
  int standbyReplicas();

  /** How long to wait at the start for Kafka, and for the topics that the API server makes. */
  @WithDefault("5m")
  Duration topicsTimeout();
}
