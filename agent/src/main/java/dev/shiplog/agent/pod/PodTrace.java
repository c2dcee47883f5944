package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.plan.ActionKey;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Locale;

/**
 * What a pod's node does of a trace: from the pod's arrival until it runs, and from its deletion
 * on. What happens to it in between, a probe that fails or a container that is started again,
 * follows from nothing that anybody asked for. Changed by the pod's worker, read by any thread.
 */
final class PodTrace {

  private final PodIdentity pod;
  private volatile String cause;

  /**
   * That of a pod that came.
   *
   * @param traceparent what brought it; null if nothing that is traced
   */
  PodTrace(PodIdentity pod, String traceparent) {
    this.pod = pod;
    this.cause = traceparent;
  }

  /** The pod is to end. */
  void ends(String traceparent) {
    cause = traceparent;
  }

  /** Begins the step of an action. */
  Step action(ActionKey key) {
    String name = key.verb().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return Tracing.here()
        .follow(name, SpanKind.INTERNAL, cause)
        .with("shiplog.key", pod.namespace() + "/" + pod.name())
        .with("shiplog.object", key.object());
  }

  /** What the report of a status follows from; null if from nothing that is traced. */
  String reports(PodStatus status) {
    String now = cause;
    if (isUp(status)) {
      cause = null;
    }
    return now;
  }

  private static boolean isUp(PodStatus status) {
    return "Succeeded".equals(status.getPhase())
        || "Failed".equals(status.getPhase())
        || status.getConditions().stream()
            .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }
}
