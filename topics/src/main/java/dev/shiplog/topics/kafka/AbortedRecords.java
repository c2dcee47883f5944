package dev.shiplog.topics.kafka;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;

/**
 * Tells which batches of an answer belong to transactions that were aborted. The broker names them
 * by producer and first offset; each ends with the producer's next marker. Asked batch by batch, in
 * order; one answer, one thread.
 */
final class AbortedRecords {

  private final Queue<AbortedTransaction> ahead =
      new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
  private final Set<Long> producers = new HashSet<>();

  AbortedRecords(List<AbortedTransaction> aborted) {
    ahead.addAll(aborted);
  }

  boolean contain(RecordBatch batch) {
    if (!batch.hasProducerId()) {
      return false;
    }
    while (!ahead.isEmpty() && ahead.peek().firstOffset() <= batch.lastOffset()) {
      producers.add(ahead.remove().producerId());
    }
    if (isAbortMarker(batch)) {
      producers.remove(batch.producerId());
      return false;
    }
    return batch.isTransactional() && producers.contains(batch.producerId());
  }

  private static boolean isAbortMarker(RecordBatch batch) {
    if (!batch.isControlBatch()) {
      return false;
    }
    Record marker = batch.iterator().next();
    return ControlRecordType.parse(marker.key()) == ControlRecordType.ABORT;
  }
}
