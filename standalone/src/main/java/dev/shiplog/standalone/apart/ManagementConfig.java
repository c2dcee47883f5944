package dev.shiplog.standalone.apart;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * Where controllers, scheduler and agent tell how they are; the API server does so where it serves.
 */
@ConfigMapping(prefix = "shiplog.management")
public interface ManagementConfig {

  /** Address to listen on, for {@code /startz}, {@code /livez} and {@code /readyz}. */
  @WithDefault("0.0.0.0")
  String host();

  /** Its port. */
  @WithDefault("9000")
  int port();
}
