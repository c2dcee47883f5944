package dev.shiplog.standalone.log;

import io.quarkus.bootstrap.logging.QuarkusDelayedHandler;
import java.util.Arrays;
import java.util.logging.Handler;
import java.util.logging.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;

/**
 * The log of a process that is not ours and has not said where lines go. It then is on down to the
 * last detail, and what Kafka and Netty say goes to a handler of Quarkus that keeps it for a
 * Quarkus that never starts.
 */
public final class UnreadLog {

  private UnreadLog() {}

  /** Has nothing said there but warnings; levels and handlers that somebody has set stay. */
  public static void spare() {
    Logger root = LogContext.getLogContext().getLogger("");
    if (Level.ALL.equals(root.getLevel())
        && Arrays.stream(root.getHandlers()).allMatch(UnreadLog::isUnread)) {
      root.setLevel(Level.WARNING);
    }
  }

  private static boolean isUnread(Handler handler) {
    return handler instanceof QuarkusDelayedHandler delayed && !delayed.isActivated();
  }
}
