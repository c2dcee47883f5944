package dev.shiplog.agent.pod.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as Kubernetes' objects have them: whole seconds, UTC. */
final class Times {

  private Times() {}

  static String text(Instant at) {
    return at == null ? null : at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
