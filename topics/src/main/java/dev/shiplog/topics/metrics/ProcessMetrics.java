package dev.shiplog.topics.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The meters of this process and the page that shows them. One per process, since memory, threads
 * and connections are the process's; if several clusters run in one process, as in tests, their
 * counters add up and each gauge is that of the cluster that came first and still runs. Any thread.
 */
public final class ProcessMetrics {

  private static final Logger LOG = Logger.getLogger(ProcessMetrics.class);
  private static final ProcessMetrics THIS = new ProcessMetrics();

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Set<Runnable> refreshers = ConcurrentHashMap.newKeySet();
  private boolean machineIsShown;

  private ProcessMetrics() {
    registry.config().meterFilter(MeterFilter.deny(id -> !KafkaMeters.isShown(id.getName())));
  }

  /** Those of this process. */
  public static ProcessMetrics here() {
    return THIS;
  }

  /** Where meters are made. What is measured often keeps its meters and looks nothing up here. */
  public MeterRegistry registry() {
    return registry;
  }

  /**
   * Has something done before each page is written: for what is counted only when somebody looks.
   *
   * @return ends it
   */
  public Runnable beforeEachPage(Runnable refresh) {
    refreshers.add(refresh);
    return () -> refreshers.remove(refresh);
  }

  /**
   * Writes the page; takes some milliseconds, so not on an event loop.
   *
   * @param accept the client's {@code Accept} header: OpenMetrics if it asks for that, else
   *     Prometheus' text
   * @return what the page's media type is
   */
  public String write(String accept, OutputStream out) throws IOException {
    showMachine();
    refreshers.forEach(ProcessMetrics::refresh);
    String mediaType = PageFormat.of(accept);
    registry.scrape(out, mediaType);
    return mediaType;
  }

  /** What cannot be counted now leaves the rest of the page as it is. */
  private static void refresh(Runnable refresher) {
    try {
      refresher.run();
    } catch (RuntimeException e) {
      LOG.warnf(e, "a part of the metrics could not be counted anew");
    }
  }

  /** At the first page, since it costs some time at a start and nothing was missed by then. */
  private synchronized void showMachine() {
    if (!machineIsShown) {
      machineIsShown = true;
      MachineMeters.bindTo(registry);
    }
  }
}
