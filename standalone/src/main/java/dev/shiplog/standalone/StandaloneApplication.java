package dev.shiplog.standalone;

import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.standalone.memory.HeapKeeper;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What runs inside Quarkus once the API server serves: it starts the parts that read and write
 * through it, and stops them first when the process is told to stop.
 */
public final class StandaloneApplication implements QuarkusApplication {

  /** Quarkus makes this class itself; what it is to run is handed over here. */
  private static final AtomicReference<Parts> HANDED_OVER = new AtomicReference<>();

  /**
   * Runs Quarkus with the API server in it, and the parts.
   *
   * @return once everything has stopped again
   * @throws StartFailure if the API server or a part could not start
   */
  static int run(Parts parts) {
    HANDED_OVER.set(parts);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    AtomicReference<Integer> exit = new AtomicReference<>(0);
    Quarkus.run(
        StandaloneApplication.class,
        (code, failure) -> {
          exit.set(code);
          failed.set(failure);
        });
    if (failed.get() != null) {
      throw StartFailure.of(failed.get());
    }
    return exit.get();
  }

  /** The broker in this process, if Kafka is embedded. */
  static Optional<EmbeddedBroker> broker() {
    return Optional.ofNullable(HANDED_OVER.get()).flatMap(Parts::broker);
  }

  @Override
  public int run(String... arguments) {
    try (HeapKeeper _ = HeapKeeper.start();
        Parts parts = HANDED_OVER.get()) {
      parts.start();
      Quarkus.waitForExit();
      return 0;
    }
  }
}
