package dev.shiplog.standalone.apart;

import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.log.ProcessLog;
import dev.shiplog.standalone.memory.HeapKeeper;
import dev.shiplog.standalone.tracing.TraceExport;
import dev.shiplog.topics.fault.FaultHandler;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * Runs one part in this process until that is told to stop. It answers probes from the first moment
 * on, so that a slow start is told from a dead process; told to stop, it is no longer ready, hands
 * over, and ends.
 */
final class LoneProcess {

  private static final Logger LOG = Logger.getLogger(LoneProcess.class);

  private final Part part;
  private final CountDownLatch told = new CountDownLatch(1);
  private volatile boolean started;

  LoneProcess(Part part) {
    this.part = part;
  }

  /**
   * Runs a part.
   *
   * @return the process's exit code
   * @throws StartFailure if it cannot start
   */
  static int run(BiFunction<Settings, FaultHandler, Part> parts) {
    Settings settings = Settings.read();
    ProcessLog.to(new ConsoleHandler(), settings.get(LogConfig.class).format());
    try (Part part = parts.apply(settings, LoneProcess::end);
        TraceExport _ = settings.traces(part.name());
        HeapKeeper _ = HeapKeeper.start()) {
      return new LoneProcess(part).run(settings.get(ManagementConfig.class));
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw StartFailure.of(e);
    }
  }

  private int run(ManagementConfig management) {
    try (Probes _ = probes(management.host(), management.port())) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "shiplog-stop"));
      LOG.infof("%s starts", part.name());
      part.start();
      LOG.infof("%s is %s", part.name(), part.doing());
      told.await();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Answers to probes from now on. */
  Probes probes(String host, int port) {
    return Probes.listen(host, port, part::doing)
        .at("/startz", this::isStarted)
        .at("/livez", () -> isLeaving() || !part.isDead())
        .at("/readyz", () -> !isLeaving() && part.isReady())
        .withMetrics()
        .start();
  }

  /** Once it was ready it has started, whatever comes. */
  private boolean isStarted() {
    started |= part.isReady();
    return started;
  }

  private boolean isLeaving() {
    return told.getCount() == 0;
  }

  /** The virtual machine waits for this; a start that is still under way is broken off by it. */
  void stop() {
    told.countDown();
    LOG.infof("%s stops", part.name());
    part.close();
  }

  /** A broken invariant: the process ends rather than going on wrongly; a new one recovers. */
  private static void end(String what, Throwable cause) {
    LOG.fatal(what, cause);
    Runtime.getRuntime().halt(1);
  }
}
