package dev.shiplog.topics.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;

/**
 * A piece of work within a trace, from {@link Tracing#begin} to {@link #close}; a span, in
 * OpenTelemetry's words. One that is told to nobody only hands on what it follows from. Any thread.
 */
public final class Step implements AutoCloseable {

  /** One of no trace. */
  public static final Step NONE = new Step(null, null);

  private final Span span;
  private final String traceparent;

  private Step(Span span, String traceparent) {
    this.span = span;
    this.traceparent = traceparent;
  }

  static Step of(Span span) {
    SpanContext context = span.getSpanContext();
    return new Step(
        span,
        "00-"
            + context.getTraceId()
            + "-"
            + context.getSpanId()
            + "-"
            + context.getTraceFlags().asHex());
  }

  static Step untold(String parent) {
    return parent == null ? NONE : new Step(null, parent);
  }

  /** What is handed on to whatever follows from this step; null if nothing is traced. */
  public String traceparent() {
    return traceparent;
  }

  /** Says something of it. */
  public Step with(String name, String value) {
    if (span != null) {
      span.setAttribute(name, value);
    }
    return this;
  }

  /** Says something of it. */
  public Step with(String name, long value) {
    if (span != null) {
      span.setAttribute(name, value);
    }
    return this;
  }

  /**
   * Makes it what {@link Tracing#current} tells on this thread.
   *
   * @return ends that
   */
  @SuppressWarnings("MustBeClosedChecker") // the caller closes it
  public Scope onThisThread() {
    return traceparent == null
        ? Scope.noop()
        : Tracing.contextOf(traceparent).with(Tracing.TEXT, traceparent).makeCurrent();
  }

  /** Says that it failed, and why. */
  public void failed(String why) {
    if (span != null) {
      span.setStatus(StatusCode.ERROR, why);
    }
  }

  /** Ends it: well, or with what it failed of. */
  public void endedWith(Throwable failure) {
    if (failure != null) {
      failed(String.valueOf(failure.getMessage()));
    }
    close();
  }

  @Override
  public void close() {
    if (span != null) {
      span.end();
    }
  }
}
