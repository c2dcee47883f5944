package dev.shiplog.api.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** Who was known and who was let in, counted by the names of kube-apiserver. Any thread. */
final class AccessMetrics {

  private final LongAdder known;
  private final LongAdder unknown;
  private final Counter allowed;
  private final Counter denied;

  AccessMetrics(MeterRegistry registry) {
    known = authentications(registry, "success");
    unknown = authentications(registry, "failure");
    allowed = authorizations(registry, "allowed");
    denied = authorizations(registry, "denied");
  }

  /** Its name has no {@code _total} in Kubernetes, so to the registry it can be no counter. */
  private static LongAdder authentications(MeterRegistry registry, String result) {
    LongAdder count = new LongAdder();
    Gauge.builder("authentication.attempts", count, LongAdder::sum)
        .description("Requests, by whether their senders showed who they are; only ever goes up")
        .tag("result", result)
        .strongReference(true)
        .register(registry);
    return count;
  }

  private static Counter authorizations(MeterRegistry registry, String result) {
    return Counter.builder("authorization.attempts")
        .description("Decisions on whether a request may be made")
        .tag("result", result)
        .register(registry);
  }

  void authenticated(boolean success) {
    (success ? known : unknown).increment();
  }

  void authorized(boolean success) {
    (success ? allowed : denied).increment();
  }
}
