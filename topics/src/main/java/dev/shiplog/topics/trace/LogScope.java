package dev.shiplog.topics.trace;

import org.jboss.logging.MDC;

/**
 * While one is open, the lines that its thread writes to the log are about one request: they carry
 * its audit id, by which a line is found that belongs to what a client was told, and the id of its
 * trace if it has one. Opened around the writing of a line, not around the work, which wanders
 * between threads.
 */
public final class LogScope implements AutoCloseable {

  private static final String AUDIT_ID = "auditId";
  private static final String TRACE_ID = "traceId";

  private LogScope() {}

  /**
   * Begins one on this thread.
   *
   * @param traceparent null if nothing is traced
   */
  public static LogScope of(String auditId, String traceparent) {
    MDC.put(AUDIT_ID, auditId);
    String trace = Tracing.idOf(traceparent);
    if (trace != null) {
      MDC.put(TRACE_ID, trace);
    }
    return new LogScope();
  }

  @Override
  public void close() {
    MDC.remove(AUDIT_ID);
    MDC.remove(TRACE_ID);
  }
}
