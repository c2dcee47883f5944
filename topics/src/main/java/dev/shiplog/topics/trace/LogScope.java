package dev.shiplog.topics.trace;

import org.jboss.logging.MDC;

/**
 * While one is open, the lines that its thread writes to the log are about one request: they carry
 * its audit id, by which a line is found that belongs to what a client was told. Opened around the
 * writing of a line, not around the work, which wanders between threads.
 */
public final class LogScope implements AutoCloseable {

  private static final String AUDIT_ID = "auditId";

  private LogScope() {}

  /** Begins one on this thread. */
  public static LogScope of(String auditId) {
    MDC.put(AUDIT_ID, auditId);
    return new LogScope();
  }

  @Override
  public void close() {
    MDC.remove(AUDIT_ID);
  }
}
