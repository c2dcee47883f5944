package dev.shiplog.agent.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * The kernel's setting that lets packets of 127.0.0.1 be sent on, which node ports on that address
 * need. It is switched on only behind the rule that keeps others out of that network. Used by one
 * thread.
 */
final class LocalhostRouting {

  private static final Logger LOG = Logger.getLogger(LocalhostRouting.class);
  private static final Path SETTING = Path.of("/proc/sys/net/ipv4/conf/all/route_localnet");

  private final Path setting;
  private boolean ours;

  LocalhostRouting() {
    this(SETTING);
  }

  LocalhostRouting(Path setting) {
    this.setting = setting;
  }

  /**
   * Switches it on.
   *
   * @param leftOn whether a proxy that did not end well may have left it on
   */
  void enable(boolean leftOn) {
    try {
      boolean on = Files.readString(setting).strip().equals("1");
      if (!on) {
        Files.writeString(setting, "1");
      }
      ours = !on || leftOn;
    } catch (IOException e) {
      LOG.warnf("node ports do not answer on 127.0.0.1: %s", e.getMessage());
    }
  }

  /** Switches it off if it was off. */
  void restore() {
    if (ours) {
      try {
        Files.writeString(setting, "0");
        ours = false;
      } catch (IOException e) {
        LOG.warnf("cannot switch off %s: %s", setting, e.getMessage());
      }
    }
  }
}
