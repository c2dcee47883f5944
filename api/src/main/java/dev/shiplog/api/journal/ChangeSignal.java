package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes who follows some resources and reads what has changed from the state: the events only say
 * that there is something to read. One thread, but for {@link #wakeup}.
 */
public final class ChangeSignal implements AutoCloseable {

  private static final int AT_ONCE = 1000;

  private final Store store;
  private final List<StorageResource> resources;
  private final Semaphore signal = new Semaphore(1);
  private final List<EventCursor> cursors = new ArrayList<>();

  /** Follows from here on; the first {@link #await} returns at once. */
  public ChangeSignal(Store store, List<StorageResource> resources) {
    this.store = store;
    this.resources = List.copyOf(resources);
    open();
  }

  /**
   * Waits for a change; what is read from the state afterwards contains it.
   *
   * @return false if this thread is to end
   */
  public boolean await(long atMostMs) {
    try {
      var _ = signal.tryAcquire(atMostMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    var _ = signal.drainPermits();
    follow();
    return true;
  }

  /** Makes an {@link #await} return soon. Any thread. */
  public void wakeup() {
    signal.release();
  }

  @Override
  public void close() {
    cursors.forEach(EventCursor::close);
  }

  private void open() {
    long from = store.current().revision();
    resources.forEach(resource -> cursors.add(store.events(resource, from)));
    cursors.forEach(this::listen);
  }

  private void follow() {
    try {
      cursors.forEach(ChangeSignal::drain);
      cursors.forEach(this::listen);
    } catch (ApiFailure fellBehind) {
      close();
      cursors.clear();
      open();
    }
  }

  private void listen(EventCursor cursor) {
    cursor.whenAvailable(signal::release);
  }

  private static void drain(EventCursor cursor) {
    boolean more = true;
    while (more) {
      more = cursor.poll(AT_ONCE).size() == AT_ONCE;
    }
  }
}
