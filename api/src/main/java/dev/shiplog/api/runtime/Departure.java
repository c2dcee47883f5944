package dev.shiplog.api.runtime;

import dev.shiplog.api.http.ApiServer;
import dev.shiplog.api.journal.JournalStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Takes a server out of service such that its clients notice as little as can be: they are led
 * elsewhere while it serves on, another server leads, and what is under way is answered. One
 * thread.
 */
final class Departure {

  private static final Logger LOG = Logger.getLogger(Departure.class);

  /** Longer than most requests take; a stopping server waits no longer for them. */
  private static final Duration FINISH = Duration.ofSeconds(10);

  private final Announcement announcement;
  private final ApiServer server;
  private final JournalStore store;
  private final Duration delay;

  /**
   * Prepares one.
   *
   * @param delay how long those who lead clients here need to notice
   */
  Departure(Announcement announcement, ApiServer server, JournalStore store, Duration delay) {
    this.announcement = announcement;
    this.server = server;
    this.store = store;
    this.delay = delay;
  }

  /** Returns when the server may be stopped. */
  void take() {
    announcement.close();
    server.leave();
    serveOn();
    store.resign();
    if (!server.finish(FINISH)) {
      LOG.warnf("some requests were not answered within %s and are broken off", FINISH);
    }
  }

  /** Nobody can say when the last of them has noticed. */
  private void serveOn() {
    try {
      boolean _ = new CountDownLatch(1).await(delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
