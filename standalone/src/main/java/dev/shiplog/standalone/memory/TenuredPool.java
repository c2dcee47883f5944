package dev.shiplog.standalone.memory;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;
import java.util.Set;

/**
 * The old generation of this virtual machine's heap, of the serial, the parallel and the G1
 * collector.
 */
final class TenuredPool implements OldGeneration {

  private static final Set<String> NAMES = Set.of("Tenured Gen", "PS Old Gen", "G1 Old Gen");

  /** None with collectors that give memory back by themselves. */
  private final Optional<MemoryPoolMXBean> pool =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(one -> NAMES.contains(one.getName()))
          .findFirst();

  @Override
  public long used() {
    return pool.map(one -> one.getUsage().getUsed()).orElse(0L);
  }

  @Override
  public long alive() {
    return pool.map(one -> one.getCollectionUsage().getUsed()).orElse(0L);
  }

  @Override
  public void collect() {
    System.gc();
  }
}
