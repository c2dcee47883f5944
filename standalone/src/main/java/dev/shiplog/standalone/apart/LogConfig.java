package dev.shiplog.standalone.apart;

import dev.shiplog.standalone.log.LogFormat;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How a part writes its log, which goes to its standard output. */
@ConfigMapping(prefix = "shiplog.log")
public interface LogConfig {

  /** {@code text} for people, or {@code json}: one object on each line. */
  @WithDefault("text")
  LogFormat format();
}
