package dev.shiplog.streams.kit.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How many records a stream thread has been given and not yet processed, so that an application is
 * asked once for all that arrived together: a thousand pods that change at a time are one look at
 * their ReplicaSet, not a thousand. Kafka Streams hands records to processors one by one and says
 * nothing of those behind; its consumer does.
 *
 * <p>Should Kafka Streams drop records, the count stays too high, and the application's turn comes
 * after {@link #MOST} of them or with the next tick. Each instance belongs to one thread.
 */
final class Arrivals {

  /** So many records, and what they lead to does not wait for more of them. */
  static final int MOST = 64;

  private static final ThreadLocal<Arrivals> OF_THREAD = ThreadLocal.withInitial(Arrivals::new);

  private int waiting;
  private int taken;

  /** Those of the thread that asks. */
  static Arrivals ofThisThread() {
    return OF_THREAD.get();
  }

  /** A task begins, and what was held for another one is gone. */
  void reset() {
    waiting = 0;
    taken = 0;
  }

  void arrived(int records) {
    waiting += records;
  }

  /** A record has been taken in: whether it is time to act on it and on those before it. */
  boolean isTurn() {
    waiting = Math.max(0, waiting - 1);
    taken++;
    if (waiting > 0 && taken < MOST) {
      return false;
    }
    taken = 0;
    return true;
  }

  /** Counts what a stream thread's consumer is given; Kafka makes it by its name. */
  public static final class Counting implements ConsumerInterceptor<byte[], byte[]> {

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
      ofThisThread().arrived(records.count());
      return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> configs) {}
  }
}
