package dev.shiplog.streams.kit.kafka;

import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.view.ObjectView;
import dev.shiplog.topics.record.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;

/**
 * Holds the view of one resource as a state store. A restore puts its records right into the view;
 * it asks for whole records, which only Kafka's internal callback gets, because the revision of a
 * deletion is in the headers alone. Kafka Streams hands it from the restoring thread to the task's.
 */
final class ViewStore implements StateStore, RecordBatchingStateRestoreCallback {

  private final String name;
  private final ResourceType<?> type;
  private ObjectView<?> view;
  private long lastOffset = -1;
  private boolean open;

  ViewStore(String name, ResourceType<?> type) {
    this.name = name;
    this.type = type;
    this.view = new ObjectView<>(type);
  }

  ObjectView<?> view() {
    return view;
  }

  /** Offset of the last record taken in, by a restore or while acting; -1 if none was. */
  long lastOffset() {
    return lastOffset;
  }

  /**
   * A record was taken in by the processor that acts. The store outlives it: Kafka Streams hands it
   * on when this process stands by, and again when it acts once more.
   */
  void tookIn(long offset) {
    lastOffset = offset;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    context.register(root, this);
    open = true;
  }

  @Override
  public void restoreBatch(Collection<ConsumerRecord<byte[], byte[]>> records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      view.apply(
          text(record.key()), record.value(), revision(record.headers()), record.timestamp());
      lastOffset = record.offset();
    }
  }

  @Override
  public void restore(byte[] key, byte[] value) {
    throw new UnsupportedOperationException("restored in batches");
  }

  @Override
  public void flush() {}

  /** A task that is revived after an error restores from the start. */
  @Override
  public void close() {
    open = false;
    view = new ObjectView<>(type);
    lastOffset = -1;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  /** The step of a trace that a record follows from; null if there is none. */
  static String traceparent(Headers headers) {
    Header header = headers.lastHeader(RecordHeaders.TRACEPARENT);
    return header == null ? null : RecordHeaders.traceparent(header.value());
  }

  /** The revision a record of a projected topic carries; 0 without one. */
  static long revision(Headers headers) {
    Header header = headers.lastHeader(RecordHeaders.REVISION);
    return header == null ? 0 : Long.parseLong(text(header.value()));
  }
}
