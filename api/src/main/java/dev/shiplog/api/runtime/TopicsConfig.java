package dev.shiplog.api.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Which topics are this cluster's. */
@ConfigMapping(prefix = "shiplog.topics")
public interface TopicsConfig {

  /** First part of every topic's name; keeps several clusters on one Kafka apart. */
  @WithDefault("shiplog")
  String prefix();

  /** Partitions of the assignments topic; cannot be changed later. */
  @WithDefault("32")
  int assignmentPartitions();
}
