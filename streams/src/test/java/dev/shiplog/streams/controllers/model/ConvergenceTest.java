package dev.shiplog.streams.controllers.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is asked for, in whatever order records, outcomes, commands and kubelets move, however
 * often the process dies and reads a compacted log, and however often records are repeated: no
 * bound is passed at any step, and in the end the cluster looks as if everything had been asked and
 * done one after the other.
 *
 * <p>A failure names its seed, which repeats it. {@code -Dsimulation.seeds=N} plays more of them,
 * up to {@link #SEEDS_MAX}.
 */
class ConvergenceTest {

  private static final int SEEDS = 4;
  private static final int SEEDS_MAX = 300;
  private static final int CHANGES = 8;
  private static final int STEPS_MAX = 60;

  static LongStream seeds() {
    int asked = Integer.getInteger("simulation.seeds", SEEDS);
    return LongStream.rangeClosed(1, Math.min(asked, SEEDS_MAX));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void disorderEndsWhereOrderEnds(long seed) {
    List<Change> changes = Change.history(new Random(seed), CHANGES);

    List<String> inOrder = played(new World(seed), changes);
    List<String> inDisorder = disturbed(new World(seed), changes, new Random(seed));

    assertThat(inDisorder).as("%s", changes).isEqualTo(inOrder);
  }

  /** One change after the other, each seen through. */
  private static List<String> played(World world, List<Change> changes) {
    Bounds bounds = new Bounds(world);
    for (Change change : changes) {
      bounds.ask(change);
      change.apply(world.loop.server());
      world.loop.rest();
      bounds.rested();
    }
    world.faults.assertNone();
    return world.picture();
  }

  /** One change into the midst of another. */
  private static List<String> disturbed(World world, List<Change> changes, Random random) {
    Bounds bounds = new Bounds(world);
    for (Change change : changes) {
      bounds.ask(change);
      change.apply(world.loop.server());
      for (int steps = random.nextInt(STEPS_MAX); steps > 0; steps--) {
        world.loop.step();
        disturb(world, random);
      }
      if (random.nextInt(4) == 0) {
        world.loop.rest();
        bounds.rested();
      }
    }
    world.loop.rest();
    world.faults.assertNone();
    return world.picture();
  }

  private static void disturb(World world, Random random) {
    switch (random.nextInt(60)) {
      case 0 -> world.loop.crash();
      case 1 -> {
        world.loop.compact();
        world.loop.crash();
      }
      case 2, 3, 4, 5 -> world.loop.repeat();
      default -> {}
    }
  }
}
