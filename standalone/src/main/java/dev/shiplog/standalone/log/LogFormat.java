package dev.shiplog.standalone.log;

import java.util.logging.Formatter;
import org.jboss.logmanager.formatters.JsonFormatter;
import org.jboss.logmanager.formatters.PatternFormatter;

/** How a line of the log is written. */
public enum LogFormat {
  /** For people: time, level, logger, thread, what happened, and the stack of a bug below it. */
  TEXT {
    @Override
    Formatter formatter() {
      return new PatternFormatter("%d %-5p [%c{3.}] (%t) %s%e%n");
    }
  },

  /**
   * For what collects logs: one JSON object on each line, the stack of a bug in it; what the line
   * is about, such as a request's audit id, is under {@code mdc}.
   */
  JSON {
    @Override
    Formatter formatter() {
      return new JsonFormatter();
    }
  };

  abstract Formatter formatter();
}
