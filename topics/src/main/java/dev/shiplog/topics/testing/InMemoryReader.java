package dev.shiplog.topics.testing;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads with positions of its own, like a consumer with assigned partitions. */
final class InMemoryReader implements LogReader {

  private static final int MAX_RECORDS_PER_POLL = 500;

  private final InMemoryTopics topics;
  private final LogFaults faults;
  private final Isolation isolation;
  private final TreeMap<Partition, Place> places = new TreeMap<>();
  private Partition servedLast;
  private boolean woken;
  private boolean closed;

  InMemoryReader(InMemoryTopics topics, LogFaults faults, Isolation isolation) {
    this.topics = topics;
    this.faults = faults;
    this.isolation = isolation;
  }

  /** A position, and how many power failures of the partition were over when it was got. */
  private record Place(long position, int powerFailuresSeen) {}

  @Override
  public void assign(Map<Partition, Long> positions) {
    checkOpen();
    topics.lock.lock();
    try {
      places.clear();
      positions.forEach((partition, position) ->
          places.put(partition, new Place(position, topics.partition(partition).powerFailures())));
    } finally {
      topics.lock.unlock();
    }
  }

  @Override
  public List<StoredRecord> poll(Duration atMost) {
    checkOpen();
    long nanosLeft = atMost.toNanos();
    topics.lock.lock();
    try {
      while (true) {
        List<StoredRecord> found = woken ? List.of() : read();
        if (woken || !found.isEmpty() || nanosLeft <= 0) {
          woken = false;
          return found;
        }
        nanosLeft = topics.changed.awaitNanos(nanosLeft);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("interrupted", e);
    } finally {
      topics.lock.unlock();
    }
  }

  @Override
  public long position(Partition partition) {
    checkOpen();
    Place place = places.get(partition);
    if (place == null) {
      throw new IllegalStateException(partition + " is not assigned");
    }
    return place.position();
  }

  @Override
  public void wakeup() {
    topics.lock.lock();
    try {
      woken = true;
      topics.signal();
    } finally {
      topics.lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  private List<StoredRecord> read() {
    if (!faults.readable()) {
      return List.of();
    }
    List<StoredRecord> found = new ArrayList<>();
    for (Partition partition : inTurn()) {
      read(partition, found);
    }
    return found;
  }

  private void read(Partition partition, List<StoredRecord> found) {
    int room = MAX_RECORDS_PER_POLL - found.size();
    if (room == 0) {
      return;
    }
    topics
        .find(partition)
        .ifPresent(source -> {
          Place place = places.get(partition);
          long next =
              source.read(place.position(), place.powerFailuresSeen(), isolation, room, found);
          places.put(partition, new Place(next, source.powerFailures()));
          servedLast = partition;
        });
  }

  /** The partitions, beginning after the one served last, so that none starves. */
  private List<Partition> inTurn() {
    if (servedLast == null) {
      return List.copyOf(places.keySet());
    }
    List<Partition> order = new ArrayList<>(places.tailMap(servedLast, false).keySet());
    order.addAll(places.headMap(servedLast, true).keySet());
    return order;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
  }
}
