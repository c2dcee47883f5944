package dev.shiplog.api.http;

import dev.shiplog.api.request.WatchOptions;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.verbs.WatchEvent;
import dev.shiplog.api.verbs.WatchFeed;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One watch on its way to a client. It belongs to the event loop of its connection, pulls from its
 * feed only what the connection takes, and keeps nothing: a client that reads slowly costs its
 * place in the events and nobody else anything.
 */
final class WatchStream {

  private static final int EVENTS_AT_ONCE = 128;
  private static final int AT_ONCE = 64 * 1024;
  private static final long BOOKMARK_EVERY_MS = 30_000;

  private final Exchange exchange;
  private final WatchChannel channel;
  private final Vertx vertx;
  private final WatchFeed feed;
  private final WatchPace pace;
  private final EventEncoder.Session encoding;
  private final Optional<RemoteConversions> conversions;
  private final boolean bookmarks;
  private final Counter sent;
  private final Runnable onClose;
  private final List<WatchEvent> events = new ArrayList<>(EVENTS_AT_ONCE);
  private final List<Long> timers = new ArrayList<>(2);
  private boolean announce;
  private boolean waiting;
  private boolean converting;
  private boolean closed;
  private int looked;
  private long bookmarked = -1;

  WatchStream(
      Exchange exchange,
      WatchChannel channel,
      Vertx vertx,
      WatchFeed feed,
      WatchPace pace,
      EventEncoder.Session encoding,
      Optional<RemoteConversions> conversions,
      WatchOptions options,
      Counter sent,
      Runnable onClose) {
    this.exchange = exchange;
    this.channel = channel;
    this.vertx = vertx;
    this.feed = feed;
    this.pace = pace;
    this.encoding = encoding;
    this.conversions = conversions;
    this.bookmarks = options.bookmarks();
    this.announce = feed.announcesInitial();
    this.sent = sent;
    this.onClose = onClose;
  }

  /** Starts to stream; it ends by itself after the time, or with the connection. */
  void start(long timeoutMs) {
    channel.begin(this::close);
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
        if (channel.flow().writeQueueFull()) {
          waiting = true;
          channel.flow().drainHandler(drained -> resume());
        } else if (!writeNext() && !waiting) {
          waiting = true;
          awaitMore();
        }
      }
    } catch (RuntimeException broken) {
      fail(broken);
    }
  }

  private void awaitMore() {
    if (looked > 0) {
      long _ =
          vertx.setTimer(
              pace.rest(),
              rested -> {
                pace.rested();
                resume();
              });
    } else {
      feed.whenAvailable(() -> exchange.executor().execute(this::resume));
    }
  }

  /** Expired history most often: the client lists again. */
  private void fail(Throwable broken) {
    if (closed) {
      return;
    }
    ApiFailure failure = FailureClassifier.classify(broken, exchange);
    write(encoding.error(failure));
    close();
    channel.end();
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
    looked = feed.poll(EVENTS_AT_ONCE, events);
    if (!events.isEmpty()) {
      writeEvents();
    }
    return looked == EVENTS_AT_ONCE;
  }

  private void writeInitial() {
    if (conversions.isPresent()) {
      while (feed.hasInitial() && events.size() < EVENTS_AT_ONCE) {
        events.add(feed.nextInitial());
      }
      writeConverted(conversions.get());
      return;
    }
    int length = 0;
    int count = 0;
    while (feed.hasInitial() && length < AT_ONCE) {
      count++;
      byte[] event = encoding.line(feed.nextInitial());
      length += event.length;
      channel.add(event);
    }
    sent.increment(count);
    channel.flush();
  }

  private void writeEvents() {
    if (conversions.isPresent()) {
      writeConverted(conversions.get());
      return;
    }
    for (int i = 0; i < events.size(); i++) {
      channel.add(encoding.line(events.get(i)));
    }
    sent.increment(events.size());
    channel.flush();
  }

  /** Goes on when they are converted; what comes meanwhile waits in the feed. */
  private void writeConverted(RemoteConversions remote) {
    List<WatchEvent> stored = List.copyOf(events);
    events.clear();
    waiting = true;
    converting = true;
    var _ =
        remote
            .convert(feed.type(), stored)
            .whenComplete((converted, thrown) ->
                exchange.run(() -> {
                  converting = false;
                  if (thrown != null) {
                    fail(thrown);
                  } else {
                    sent.increment(converted.size());
                    converted.forEach(event -> write(encoding.line(event)));
                    resume();
                  }
                }));
  }

  private void bookmark() {
    long revision = feed.seenRevision();
    boolean told = !feed.hasInitial() && !converting;
    if (told && revision != bookmarked && !channel.flow().writeQueueFull()) {
      bookmarked = revision;
      write(encoding.bookmark(revision, false));
    }
  }

  private void write(byte[] event) {
    if (!closed) {
      channel.add(event);
      channel.flush();
    }
  }

  private void end() {
    if (!closed) {
      if (bookmarks) {
        bookmark();
      }
      close();
      channel.end();
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
