package dev.shiplog.api.projection;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** How far the projection is, and how much it wrote. Any thread. */
final class ProjectionMetrics {

  private static final long NOT_PROJECTING = -1;

  private final AtomicLong offset = new AtomicLong(NOT_PROJECTING);
  private final LongAdder records = new LongAdder();
  private final LongAdder transactions = new LongAdder();
  private final LongAdder repairs = new LongAdder();
  private volatile Runnable hide = () -> {};

  void show(MeterRegistry registry, LongSupplier journalEnd) {
    Gauge lag =
        Gauge.builder("shiplog.projection.lag.entries", () -> lag(journalEnd.getAsLong()))
            .description("Entries that were applied and are not projected yet; on the leader")
            .register(registry);
    hide = () -> registry.remove(lag);
    FunctionCounter.builder("shiplog.projection.records", records, LongAdder::sum)
        .description("Records that were projected")
        .register(registry);
    FunctionCounter.builder("shiplog.projection.transactions", transactions, LongAdder::sum)
        .description("Transactions of the projection")
        .register(registry);
    FunctionCounter.builder("shiplog.projection.repairs", repairs, LongAdder::sum)
        .description("How often topics had lost records, which were written again")
        .register(registry);
  }

  /** It projects, and has done so up to this offset. */
  void reached(long projected) {
    offset.set(projected);
  }

  /** Topics lost what had been projected; it is projected again. */
  void repairs() {
    repairs.increment();
  }

  void committed(int written) {
    records.add(written);
    transactions.increment();
  }

  /** It projects no more; the run under way may still say once how far it came. */
  void ended() {
    offset.set(NOT_PROJECTING);
  }

  /** Lets go of what it looks at. */
  void hide() {
    hide.run();
  }

  private double lag(long journalEnd) {
    long projected = offset.get();
    return projected == NOT_PROJECTING ? 0 : Math.max(0, journalEnd - projected);
  }
}
