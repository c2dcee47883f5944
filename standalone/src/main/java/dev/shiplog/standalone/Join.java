package dev.shiplog.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.SizeRotatingFileHandler;

/** Runs a node alone in this process, until that is told to stop. */
public final class Join {

  private static final long STOP_BOUND_SECONDS = 30;
  private static final int LOG_BYTES = 10 << 20;
  private static final int LOG_FILES = 2;

  private Join() {}

  /**
   * Joins the cluster and stays.
   *
   * @return the process's exit code
   * @throws StartFailure if it cannot join, with nothing left running
   */
  public static int run(JoinOptions options) {
    Progress progress = new Progress(System.out, System::nanoTime);
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (AutoCloseable _ = options.data().take()) {
      logTo(options.data());
      progress.say("Shiplog keeps this node's data in " + options.data().path());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(told, stopped), "shiplog-stop"));
      try (JoinedNode _ = JoinedNode.start(options, progress)) {
        RunningCluster.announce(options.data(), "https://" + options.server());
        progress.ready();
        told.await();
      }
      return 0;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      stopped.countDown();
    }
  }

  private static void stop(CountDownLatch told, CountDownLatch stopped) {
    told.countDown();
    try {
      if (!stopped.await(STOP_BOUND_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("shiplog: some parts did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Without Quarkus nobody else says where log lines go. */
  private static void logTo(DataDirectory data) throws IOException {
    Files.createDirectories(data.path());
    SizeRotatingFileHandler file = new SizeRotatingFileHandler(data.log().toFile(), true);
    file.setRotateSize(LOG_BYTES);
    file.setMaxBackupIndex(LOG_FILES);
    file.setFormatter(new PatternFormatter("%d %-5p [%c{3.}] (%t) %s%e%n"));
    Logger root = Logger.getLogger("");
    root.setLevel(Level.INFO);
    for (var handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(file);
    Logger.getLogger("org.apache.kafka").setLevel(Level.WARNING);
  }
}
