package dev.shiplog.topics.trace;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;

/**
 * What this process tells of traces: a step for each piece of work that follows from a request. A
 * trace is handed on as the text of a W3C {@code traceparent}, in HTTP headers, journal entries and
 * the headers of Kafka records.
 *
 * <p>Until it is switched on, nothing is told and no trace begins here; one that a client began is
 * handed on all the same. Any thread.
 */
public final class Tracing {

  /** Name of the header, of HTTP requests as of Kafka records. */
  public static final String HEADER = "traceparent";

  static final ContextKey<String> TEXT = ContextKey.named("shiplog.traceparent");

  private static final Tracing OFF = new Tracing(null);

  /** One for the process, as its metrics are: parts that share a process share where they tell. */
  private static volatile Tracing here = OFF;

  private final Tracer tracer;

  private Tracing(Tracer tracer) {
    this.tracer = tracer;
  }

  /** That of this process. */
  public static Tracing here() {
    return here;
  }

  /** Switches it on, for all parts of the process. */
  public static void tellTo(TracerProvider telemetry) {
    here = new Tracing(telemetry.get("shiplog"));
  }

  /** Switches it off again. */
  public static void tellNobody() {
    here = OFF;
  }

  public boolean isOn() {
    return tracer != null;
  }

  /**
   * Begins a step with which a trace may begin.
   *
   * @param parent what it follows from; null if from nothing that is traced
   */
  public Step begin(String name, SpanKind kind, String parent) {
    if (tracer == null) {
      return Step.untold(parent);
    }
    return Step.of(
        tracer.spanBuilder(name).setParent(contextOf(parent)).setSpanKind(kind).startSpan());
  }

  /** Begins a step of a trace; of none if there is no parent. */
  public Step follow(String name, SpanKind kind, String parent) {
    return parent == null ? Step.NONE : begin(name, kind, parent);
  }

  /**
   * The id that all steps of a trace share.
   *
   * @return null if the text is no traceparent
   */
  public static String idOf(String traceparent) {
    return isValid(traceparent) ? traceparent.substring(3, 35) : null;
  }

  /** Whether a text is a traceparent, of this version or of a later one. */
  public static boolean isValid(String traceparent) {
    return traceparent != null && traceparent.matches(FORM) && !traceparent.startsWith("ff");
  }

  private static final String FORM =
      "[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?";

  /** The step that this thread works on; null if on none. */
  public static String current() {
    return Context.current().get(TEXT);
  }

  /** The context that libraries take a parent as. */
  static Context contextOf(String traceparent) {
    return traceparent == null
        ? Context.root()
        : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, ITSELF);
  }

  private static final TextMapGetter<String> ITSELF =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
          return List.of(HEADER);
        }

        @Override
        public String get(String traceparent, String key) {
          return HEADER.equals(key) ? traceparent : null;
        }
      };
}
