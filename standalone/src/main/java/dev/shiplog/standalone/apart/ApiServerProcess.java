package dev.shiplog.standalone.apart;

import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.log.LogFormat;
import dev.shiplog.standalone.tracing.TraceExport;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The API server alone: Quarkus starts and stops it, and reads its settings. */
public final class ApiServerProcess implements QuarkusApplication {

  /** Its defaults are in application.properties under this name. */
  private static final String PROFILE = "apart";

  /**
   * Runs it until the process is told to stop.
   *
   * @return the process's exit code
   * @throws StartFailure if it cannot start
   */
  static int serve() {
    System.setProperty("quarkus.profile", PROFILE);
    Settings settings = Settings.read();
    boolean json = settings.get(LogConfig.class).format() == LogFormat.JSON;
    System.setProperty("quarkus.log.console.json.enabled", "" + json);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    AtomicInteger exit = new AtomicInteger();
    try (TraceExport _ = settings.traces("api-server")) {
      Quarkus.run(
          ApiServerProcess.class,
          (code, failure) -> {
            exit.set(code);
            failed.set(failure);
          });
    }
    if (failed.get() != null) {
      throw StartFailure.of(failed.get());
    }
    return exit.get();
  }

  @Override
  public int run(String... arguments) {
    Quarkus.waitForExit();
    return 0;
  }
}
