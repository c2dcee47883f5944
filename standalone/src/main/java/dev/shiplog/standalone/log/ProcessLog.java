package dev.shiplog.standalone.log;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The log of a process without Quarkus, where nobody else says where its lines go. */
public final class ProcessLog {

  private ProcessLog() {}

  /** Has all lines from now on go to one place, except repeats of the same. */
  public static void to(Handler handler, LogFormat format) {
    handler.setFormatter(format.formatter());
    handler.setFilter(new RepeatFilter());
    Logger root = Logger.getLogger("");
    root.setLevel(Level.INFO);
    for (Handler other : root.getHandlers()) {
      root.removeHandler(other);
    }
    root.addHandler(handler);
    Logger.getLogger("org.apache.kafka").setLevel(Level.WARNING);
  }
}
