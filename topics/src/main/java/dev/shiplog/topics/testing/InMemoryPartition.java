package dev.shiplog.topics.testing;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.OffsetLostException;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.StoredRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One partition as Kafka keeps it: records and transaction markers take an offset each; what is
 * compacted, aborted or truncated leaves a gap. Guarded by the log's lock.
 */
final class InMemoryPartition {

  /** The transaction of a record that has none. */
  static final long NO_TRANSACTION = 0;

  private final Partition name;
  private final boolean flushesEachAppend;
  private final TreeMap<Long, Slot> slots = new TreeMap<>();
  private final Map<Long, Long> openTransactions = new HashMap<>();
  private final Set<Long> abortedTransactions = new HashSet<>();
  private final List<Long> powerFailures = new ArrayList<>();
  private long start;
  private long end;
  private long flushed;

  InMemoryPartition(Partition name, boolean flushesEachAppend) {
    this.name = name;
    this.flushesEachAppend = flushesEachAppend;
  }

  /** What lies at an offset. */
  private sealed interface Slot {}

  private record Data(LogRecord record, long transaction) implements Slot {}

  private record Marker(long transaction, boolean committed) implements Slot {}

  long append(LogRecord record, long transaction) {
    if (transaction != NO_TRANSACTION) {
      openTransactions.putIfAbsent(transaction, end);
    }
    return add(new Data(record, transaction));
  }

  void endTransaction(long transaction, boolean committed) {
    if (openTransactions.remove(transaction) == null) {
      return;
    }
    if (!committed) {
      abortedTransactions.add(transaction);
    }
    add(new Marker(transaction, committed));
  }

  OffsetRange range(Isolation isolation) {
    return new OffsetRange(start, endFor(isolation));
  }

  /**
   * Adds what a reader may see from the position on to the list, and returns the next position.
   *
   * @param powerFailuresSeen how many of them the reader knew of when it got its position
   */
  long read(
      long position,
      int powerFailuresSeen,
      Isolation isolation,
      int atMost,
      List<StoredRecord> to) {
    checkPosition(position, powerFailuresSeen);
    long limit = endFor(isolation);
    if (position >= limit) {
      return position;
    }
    int room = atMost;
    for (Map.Entry<Long, Slot> at : slots.subMap(position, limit).entrySet()) {
      if (room == 0) {
        return at.getKey();
      }
      if (at.getValue() instanceof Data data && visible(data, isolation)) {
        to.add(new StoredRecord(name, at.getKey(), data.record()));
        room--;
      }
    }
    return limit;
  }

  int powerFailures() {
    return powerFailures.size();
  }

  void truncateBefore(long offset) {
    if (offset > end) {
      throw new OffsetLostException(
          "cannot truncate " + name + " before " + offset + ": it ends at " + end);
    }
    start = Math.max(start, offset);
    slots.headMap(start).clear();
  }

  void flush() {
    flushed = end;
  }

  /**
   * Loses what was not flushed. A transaction whose marker is lost is open again, as its
   * coordinator's record of it is lost too.
   */
  void powerFail() {
    if (flushed < end) {
      slots.tailMap(flushed).clear();
      end = flushed;
      start = Math.min(start, end);
    }
    powerFailures.add(end);
    reopenTransactions();
  }

  /** Transactions that were begun here and not ended. */
  Set<Long> openTransactions() {
    return Set.copyOf(openTransactions.keySet());
  }

  /**
   * Does what Kafka's log cleaner may do below the first open transaction: of each key only the
   * last committed record stays, markers and aborted records go. Offsets never change. The cleaner
   * takes closed segments alone, which are on the disk.
   */
  void compact(boolean dropTombstones) {
    flushed = Math.max(flushed, endFor(Isolation.READ_COMMITTED));
    Map<Long, Slot> cleanable = slots.headMap(endFor(Isolation.READ_COMMITTED));
    Map<ByteBuffer, Long> lastOfKey = new HashMap<>();
    cleanable.forEach((offset, slot) -> {
      if (slot instanceof Data data && committed(data)) {
        lastOfKey.put(ByteBuffer.wrap(data.record().key()), offset);
      }
    });
    cleanable
        .entrySet()
        .removeIf(at ->
            !(at.getValue() instanceof Data data)
                || !at.getKey().equals(lastOfKey.get(ByteBuffer.wrap(data.record().key())))
                || (dropTombstones && data.record().value() == null));
    // Their markers are gone; that they were committed must not be asked again.
    cleanable.replaceAll((offset, slot) -> new Data(((Data) slot).record(), NO_TRANSACTION));
  }

  private long add(Slot slot) {
    slots.put(end, slot);
    end++;
    if (flushesEachAppend) {
      flushed = end;
    }
    return end - 1;
  }

  private void checkPosition(long position, int powerFailuresSeen) {
    if (position < start || position > end) {
      throw new OffsetLostException(
          "offset " + position + " of " + name + " is not in its range " + start + " to " + end);
    }
    for (long truncatedTo : powerFailures.subList(powerFailuresSeen, powerFailures.size())) {
      if (truncatedTo < position) {
        throw new OffsetLostException(
            name + " was cut off at " + truncatedTo + ", behind the position " + position);
      }
    }
  }

  private long endFor(Isolation isolation) {
    return switch (isolation) {
      case READ_UNCOMMITTED -> end;
      case READ_COMMITTED ->
          openTransactions.values().stream().mapToLong(Long::longValue).min().orElse(end);
    };
  }

  private boolean visible(Data data, Isolation isolation) {
    return switch (isolation) {
      case READ_UNCOMMITTED -> true;
      case READ_COMMITTED -> committed(data);
    };
  }

  /** Holds below the first open transaction, where every other one has ended. */
  private boolean committed(Data data) {
    return !abortedTransactions.contains(data.transaction());
  }

  private void reopenTransactions() {
    openTransactions.clear();
    abortedTransactions.clear();
    slots.forEach((offset, slot) -> {
      switch (slot) {
        case Data data when data.transaction() != NO_TRANSACTION ->
            openTransactions.putIfAbsent(data.transaction(), offset);
        case Data _ -> {}
        case Marker marker -> {
          openTransactions.remove(marker.transaction());
          if (!marker.committed()) {
            abortedTransactions.add(marker.transaction());
          }
        }
      }
    });
  }
}
