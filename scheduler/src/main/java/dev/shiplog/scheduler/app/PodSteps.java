package dev.shiplog.scheduler.app;

import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import java.util.HashMap;
import java.util.Map;

/**
 * The steps of traces in which pods are scheduled: from where the scheduler saw a pod that it has
 * to place, to where it decided. Holds nothing of pods that are not traced. One thread.
 */
final class PodSteps {

  private final Map<String, Step> steps = new HashMap<>();

  /** A pod changed. */
  void onChange(ObjectChange<?> change, PodObject latest) {
    boolean waits = change.after() != null && latest.problem() == null && !latest.pod().isBound();
    if (!waits) {
      steps.remove(change.key());
    } else if (change.traceparent() != null) {
      steps.computeIfAbsent(
          change.key(),
          key ->
              Tracing.here()
                  .follow("schedule", SpanKind.CONSUMER, change.traceparent())
                  .with("shiplog.key", key));
    }
  }

  /** The pod's step; one of no trace if there is none. */
  Step of(String key) {
    return steps.getOrDefault(key, Step.NONE);
  }

  /** It was decided where the pod goes; the step ends, but for one that has to be decided anew. */
  void decided(String key) {
    of(key).close();
  }
}
