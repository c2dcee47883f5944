package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Set;

/**
 * Which requests are steps of traces. A trace begins with a change that somebody asks for; reads
 * belong to one only if their client says so, and renewals of leases, which say nothing and come
 * all the time, begin none either. Any thread.
 */
final class RequestSteps {

  private static final Set<String> CHANGES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  private RequestSteps() {}

  /**
   * Begins a request's step.
   *
   * @param header the client's {@code traceparent}, which may be anything; null if there is none
   */
  static Step begin(Attributes asked, String header, String auditId) {
    if (header == null && !Tracing.here().isOn()) {
      return Step.NONE;
    }
    String parent = Tracing.isValid(header) ? header : null;
    if ((parent == null && !mayBegin(asked)) || asked.verb().equals("watch")) {
      return Step.NONE;
    }
    return Tracing.here()
        .begin(name(asked), SpanKind.SERVER, parent)
        .with("audit.id", auditId)
        .with("k8s.namespace.name", asked.namespace())
        .with("k8s.object.name", asked.name());
  }

  private static boolean mayBegin(Attributes asked) {
    return CHANGES.contains(asked.verb()) && !asked.resource().equals("leases");
  }

  private static String name(Attributes asked) {
    String what = asked.isResource() ? asked.resource() : asked.path();
    return asked.verb()
        + " "
        + (asked.subresource().isEmpty() ? what : what + "/" + asked.subresource());
  }
}
