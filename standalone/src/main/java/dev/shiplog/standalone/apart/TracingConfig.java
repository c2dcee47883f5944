package dev.shiplog.standalone.apart;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Where a part tells what it did of traces, from a request to the containers it led to. */
@ConfigMapping(prefix = "shiplog.tracing")
public interface TracingConfig {

  /**
   * URL of a collector that takes OTLP over HTTP, for example http://collector:4318; off if absent.
   */
  Optional<String> endpoint();

  /** Which part of the traces that begin here are told, from 0 to 1. */
  @WithDefault("1")
  double sampling();
}
