package dev.shiplog.junit;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Prints what docs/performance.md says of starts; {@code -Dfigures=true}, with nothing beside. */
@EnabledIfSystemProperty(named = "figures", matches = "true")
final class StartFiguresTest {

  @Test
  void theFirstStartOfARunAndThoseAfterIt() {
    for (String which : new String[] {"first", "second", "third"}) {
      long began = System.nanoTime();
      try (ShiplogCluster _ = ShiplogCluster.start(3, "")) {
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.printf(
            Locale.ROOT, "%s start in one JVM: %.1f s%n", which, took.toMillis() / 1000.0);
      }
    }
  }
}
