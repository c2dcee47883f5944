package dev.shiplog.api.http;

import io.vertx.core.buffer.Buffer;
import java.util.Set;

/** {@code healthz}, {@code livez} and {@code readyz}. */
final class HealthEndpoint {

  static final Set<String> PATHS = Set.of("healthz", "livez", "readyz");

  private final Health health;

  HealthEndpoint(Health health) {
    this.health = health;
  }

  void handle(Exchange exchange, String endpoint) {
    Health.Report report = health.report(endpoint);
    boolean terse = report.passed() && !exchange.query().flag("verbose");
    exchange.send(
        report.passed() ? 200 : 500,
        "text/plain; charset=utf-8",
        Buffer.buffer(terse ? "ok" : report.text()));
  }
}
