package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * One node with real containers for a long time: workloads are made, changed, scaled and deleted at
 * random, and meanwhile containers, containerd and the node's process are killed and started again.
 * Now and then it is left in peace: then all that should run has to. In the end everything is
 * deleted, and the machine has to hold nothing that it did not hold before.
 *
 * <p>{@code -Dsoak.minutes} says for how long, {@code -Dsoak.seed} chooses the dice. In the second
 * half the process itself is neither killed nor restarted: there its memory, files and threads must
 * not grow.
 */
@ResourceLock(ContainerdCluster.MACHINE)
@EnabledIfSystemProperty(named = "soak.minutes", matches = "[1-9][0-9]*")
final class SoakIT {

  private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("soak.minutes", 30));
  private static final long SEED = Long.getLong("soak.seed", 1);

  /** So often is it left in peace, and has to come to rest. */
  private static final int PEACES = 10;

  /** What is alive may grow by a quarter: what was loaded and compiled meanwhile is part of it. */
  private static final double GROWTH = 1.25;

  /** Connections come and go. */
  private static final int FILES_MORE = 40;

  private static final int THREADS_MORE = 15;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private SoakNode node;
  private SoakWorkload workload;
  private SoakRecord record;

  @BeforeEach
  void start() {
    node = SoakNode.in(directory);
    record = SoakRecord.of(node);
    workload = new SoakWorkload(node.control(), new Random(SEED));
  }

  @AfterEach
  void stop() {
    if (record != null) {
      record.close();
    }
    if (workload != null) {
      workload.close();
    }
    if (node != null) {
      node.close();
    }
  }

  @Test
  void aNodeThatSuffersForLongLeavesNothingBehindAndDoesNotGrow() throws Exception {
    System.out.printf("soak of %d minutes with seed %d%n", LENGTH.toMinutes(), SEED);
    MachineHoldings before = MachineHoldings.of(directory);
    SoakTroubles troubles = new SoakTroubles(node, new Random(SEED), record);

    suffer(troubles, PEACES / 2, true);
    SoakRecord.Calm middle = record.calm();
    suffer(troubles, PEACES - PEACES / 2, false);
    SoakRecord.Calm end = record.calm();
    workload.deleteAll();

    MachineHoldings.awaitSame(directory, before);
    record.write(Product.checkout().resolve("docs"), LENGTH, SEED, workload, troubles);
    assertThat(end.heapMb()).as("MB alive").isLessThan((long) (middle.heapMb() * GROWTH));
    assertThat(end.files()).as("open files").isLessThan(middle.files() + FILES_MORE);
    assertThat(end.threads()).as("threads").isLessThan(middle.threads() + THREADS_MORE);
  }

  private void suffer(SoakTroubles troubles, int peaces, boolean nodeToo) throws Exception {
    for (int peace = 0; peace < peaces; peace++) {
      Instant until = Instant.now().plus(LENGTH.dividedBy(PEACES));
      while (Instant.now().isBefore(until)) {
        workload.step();
        troubles.step(nodeToo);
      }
      workload.awaitRest();
      record.calm();
      System.out.printf(
          "%s: at rest after %d changes and %s%n",
          record.clock(), workload.steps(), troubles.counts());
    }
  }
}
