package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.journal.EntryFilter.Verdict;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Servers agree and answers are true, whatever the log and the servers suffer. */
class SimulationTest {

  private static final int SEEDS = 40;
  private static final int STEPS = 400;

  /** -Dsimulation.seeds and .first widen the search or go back to what it found. */
  private static final int FIRST_SEED = Integer.getInteger("simulation.first", 0);

  private static final int SEED_COUNT = Integer.getInteger("simulation.seeds", SEEDS);

  @Test
  void serversOnOneLogAgreeAndAnswersAreTrueAfterAnyInterleaving() {
    Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    long successes = 0;
    long expired = 0;
    long past = 0;
    long fresh = 0;
    long reads = 0;
    long powerFailures = 0;
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed++) {
      Simulation simulation = new Simulation(seed);
      try {
        simulation.run(STEPS);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
      simulation.verdicts().forEach((verdict, n) -> verdicts.merge(verdict, n, Integer::sum));
      successes += simulation.successes();
      expired += simulation.expiredWatches();
      past += simulation.pastStates();
      fresh += simulation.freshReaders();
      reads += simulation.answeredReads();
      powerFailures += simulation.powerFailures();
    }

    // A search that met none of this would have shown nothing.
    assertThat(verdicts)
        .containsKeys(Verdict.COUNTS, Verdict.OLD_EPOCH, Verdict.REPEATED, Verdict.AFTER_GAP);
    assertThat(successes).isGreaterThan(SEED_COUNT * 50L);
    assertThat(expired).as("watches of what is no longer kept").isPositive();
    assertThat(past).as("states of the past").isGreaterThan(SEED_COUNT);
    assertThat(reads).as("reads of the newest state").isGreaterThan(SEED_COUNT * 50L);
    assertThat(fresh).as("readers of the projected topics").isGreaterThan(SEED_COUNT * 5L);
    assertThat(powerFailures).as("power failures").isGreaterThan(SEED_COUNT);
  }
}
