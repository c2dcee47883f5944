package dev.shiplog.standalone;

import dev.shiplog.standalone.log.ProcessLog;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logmanager.handlers.SizeRotatingFileHandler;

/** Runs a node alone in this process, until that is told to stop. */
public final class Join {

  /** Beside what pods are given; past it the process ends without its parts. */
  private static final Duration STOP_BOUND = Duration.ofSeconds(30);

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
      logTo(options);
      progress.say("Shiplog keeps this node's data in " + options.data().path());
      options.data().notePodsHave(options.shutdown().total());
      Duration atMost = STOP_BOUND.plus(options.shutdown().total());
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stop(told, stopped, atMost), "shiplog-stop"));
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

  private static void stop(CountDownLatch told, CountDownLatch stopped, Duration atMost) {
    told.countDown();
    try {
      if (!stopped.await(atMost.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("shiplog: some parts did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void logTo(JoinOptions options) throws IOException {
    Files.createDirectories(options.data().path());
    SizeRotatingFileHandler file = new SizeRotatingFileHandler(options.data().log().toFile(), true);
    file.setRotateSize(LOG_BYTES);
    file.setMaxBackupIndex(LOG_FILES);
    ProcessLog.to(file, options.logFormat());
  }
}
