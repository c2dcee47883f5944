package dev.shiplog.api.projection;

import dev.shiplog.topics.journal.Entry;
import dev.shiplog.topics.journal.Entry.Claim;
import dev.shiplog.topics.journal.Entry.Commit;
import dev.shiplog.topics.journal.Entry.Heartbeat;
import dev.shiplog.topics.journal.Entry.Mark;
import dev.shiplog.topics.journal.Entry.Skip;
import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of traces that one transaction of the projection is: one for each of its entries that
 * somebody traced, all as long as the transaction takes. One thread.
 */
final class ProjectionSteps {

  private final List<Step> steps = new ArrayList<>();

  /** An entry is about to be projected. */
  void begin(Entry entry) {
    String asked = traceparent(entry);
    if (asked != null) {
      steps.add(Tracing.here().follow("project", SpanKind.CONSUMER, asked));
    }
  }

  /** They end with the transaction, and as it does. */
  void endAfter(Runnable transaction) {
    try {
      transaction.run();
    } catch (RuntimeException e) {
      steps.forEach(step -> step.endedWith(e));
      throw e;
    }
    steps.forEach(Step::close);
  }

  private static String traceparent(Entry entry) {
    return switch (entry) {
      case Commit commit -> commit.origin().traceparent();
      case Skip skip -> skip.origin().traceparent();
      case Claim _, Heartbeat _, Mark _ -> null;
    };
  }
}
