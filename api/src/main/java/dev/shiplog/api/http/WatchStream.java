package dev.shiplog.api.http;

import dev.shiplog.api.request.WatchOptions;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.verbs.WatchEvent;
import dev.shiplog.api.verbs.WatchFeed;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * One watch on its way to a client. It belongs to the event loop of its connection, pulls from its
 * feed only what the connection takes, and keeps nothing: a client that reads slowly costs its
 * place in the events and nobody else anything.
 */
final class WatchStream {

  private static final int EVENTS_AT_ONCE = 128;
  private static final int BUFFER = 64 * 1024;
  private static final long BOOKMARK_EVERY_MS = 30_000;

  private final Exchange exchange;
  private final Vertx vertx;
  private final WatchFeed feed;
  private final EventEncoder.Session encoding;
  private final boolean bookmarks;
  private final Runnable onClose;
  private final List<WatchEvent> events = new ArrayList<>(EVENTS_AT_ONCE);
  private final List<Long> timers = new ArrayList<>(2);
  private boolean announce;
  private boolean waiting;
  private boolean closed;
  private long bookmarked = -1;

  WatchStream(
      Exchange exchange,
      Vertx vertx,
      WatchFeed feed,
      EventEncoder.Session encoding,
      WatchOptions options,
      Runnable onClose) {
    this.exchange = exchange;
    this.vertx = vertx;
    this.feed = feed;
    this.encoding = encoding;
    this.bookmarks = options.bookmarks();
    this.announce = feed.announcesInitial();
    this.onClose = onClose;
  }

  /** Starts to stream; it ends by itself after the time, or with the connection. */
  void start(long timeoutMs) {
    HttpServerResponse response = exchange.head(200, encoding.contentType());
    response.setChunked(true);
    response.closeHandler(gone -> close());
    response.exceptionHandler(broken -> close());
    // The client learns at once that the watch is on, however long nothing happens.
    response.writeHead();
    timers.add(vertx.setTimer(timeoutMs, due -> end()));
    if (bookmarks) {
      timers.add(vertx.setPeriodic(BOOKMARK_EVERY_MS, due -> bookmark()));
    }
    pump();
  }

  /** Ends the stream in good order. Any thread. */
  void stop() {
    exchange.run(this::end);
  }

  private void pump() {
    try {
      while (!closed && !waiting) {
        if (exchange.response().writeQueueFull()) {
          waiting = true;
          exchange.response().drainHandler(drained -> resume());
        } else if (!writeNext()) {
          waiting = true;
          feed.whenAvailable(() -> exchange.executor().execute(this::resume));
        }
      }
    } catch (RuntimeException broken) {
      fail(broken);
    }
  }

  /** Expired history most often: the client lists again. */
  private void fail(RuntimeException broken) {
    ApiFailure failure =
        FailureClassifier.classify(broken, exchange.auditId(), exchange.request().uri());
    write(encoding.error(failure));
    close();
    exchange.response().end();
  }

  private void resume() {
    waiting = false;
    pump();
  }

  /**
   * Writes what there is, up to a buffer full; false if there is nothing to wait for but events.
   */
  private boolean writeNext() {
    if (feed.hasInitial()) {
      writeInitial();
      return true;
    }
    if (announce) {
      announce = false;
      write(encoding.bookmark(feed.seenRevision(), true));
    }
    events.clear();
    boolean more = feed.poll(EVENTS_AT_ONCE, events);
    if (!events.isEmpty()) {
      writeEvents();
    }
    return more;
  }

  private void writeInitial() {
    Buffer buffer = Buffer.buffer(BUFFER);
    while (feed.hasInitial() && buffer.length() < BUFFER) {
      buffer.appendBytes(encoding.line(feed.nextInitial()));
    }
    write(buffer);
  }

  private void writeEvents() {
    if (events.size() == 1) {
      write(encoding.line(events.getFirst()));
      return;
    }
    Buffer buffer = Buffer.buffer();
    for (int i = 0; i < events.size(); i++) {
      buffer.appendBytes(encoding.line(events.get(i)));
    }
    write(buffer);
  }

  private void bookmark() {
    long revision = feed.seenRevision();
    if (!feed.hasInitial() && revision != bookmarked && !exchange.response().writeQueueFull()) {
      bookmarked = revision;
      write(encoding.bookmark(revision, false));
    }
  }

  private void write(byte[] line) {
    write(Buffer.buffer(line));
  }

  private void write(Buffer buffer) {
    if (!closed) {
      exchange.response().write(buffer);
    }
  }

  private void end() {
    if (!closed) {
      if (bookmarks) {
        bookmark();
      }
      close();
      exchange.response().end();
    }
  }

  private void close() {
    if (!closed) {
      closed = true;
      timers.forEach(vertx::cancelTimer);
      feed.close();
      onClose.run();
    }
  }
}
