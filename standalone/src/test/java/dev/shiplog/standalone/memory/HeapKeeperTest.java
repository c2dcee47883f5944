package dev.shiplog.standalone.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeapKeeperTest {

  private static final long MB = 1L << 20;

  private final Heap heap = new Heap();
  private long now;
  private final HeapKeeper keeper = new HeapKeeper(heap, () -> now);

  @Test
  void aSmallHeapMayGrowByTheLeastGrowth() {
    heap.used = heap.alive + HeapKeeper.LEAST_GROWTH;
    keeper.look();
    assertEquals(0, heap.collections);
    heap.used += MB;
    keeper.look();
    assertEquals(1, heap.collections);
  }

  @Test
  void aLargeHeapMayGrowByHalfOfWhatLives() {
    heap.alive = 1000 * MB;
    heap.used = 1500 * MB;
    keeper.look();
    assertEquals(0, heap.collections);
    heap.used += MB;
    keeper.look();
    assertEquals(1, heap.collections);
  }

  @Test
  void afterACollectionItRests() {
    collectOnce();
    pass(HeapKeeper.LEAST_REST.minusMillis(1));
    keeper.look();
    assertEquals(1, heap.collections);
    pass(Duration.ofMillis(1));
    keeper.look();
    assertEquals(2, heap.collections);
  }

  @Test
  void afterALongStandstillItRestsLonger() {
    heap.standstill = Duration.ofSeconds(1);
    collectOnce();
    pass(Duration.ofSeconds(HeapKeeper.REST_PER_STANDSTILL).minusMillis(1));
    keeper.look();
    assertEquals(1, heap.collections);
    pass(Duration.ofMillis(1));
    keeper.look();
    assertEquals(2, heap.collections);
  }

  @Test
  void theVirtualMachinesOwnOldGenerationIsFound() {
    OldGeneration own = new TenuredPool();
    own.collect();
    assertTrue(own.alive() > 0);
    assertTrue(own.used() > 0);
  }

  /** It stays full, so that only rests keep it from being collected again. */
  private void collectOnce() {
    heap.used = 1000 * MB;
    keeper.look();
    assertEquals(1, heap.collections);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private final class Heap implements OldGeneration {
    private long used;
    private long alive = MB;
    private int collections;
    private Duration standstill = Duration.ZERO;

    @Override
    public long used() {
      return used;
    }

    @Override
    public long alive() {
      return alive;
    }

    @Override
    public void collect() {
      collections++;
      pass(standstill);
    }
  }
}
