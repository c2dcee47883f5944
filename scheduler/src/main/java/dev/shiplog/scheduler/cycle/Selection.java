package dev.shiplog.scheduler.cycle;

import java.util.random.RandomGenerator;

/** Selects the highest total; among equals by lot, so that they fill up evenly. */
final class Selection {

  private final RandomGenerator random;

  Selection(RandomGenerator random) {
    this.random = random;
  }

  /** The index of the chosen one of the first so many totals. */
  int best(long[] totals, int count) {
    long highest = Long.MIN_VALUE;
    int ties = 0;
    for (int i = 0; i < count; i++) {
      if (totals[i] > highest) {
        highest = totals[i];
        ties = 0;
      }
      ties += totals[i] == highest ? 1 : 0;
    }
    int skip = ties == 1 ? 0 : random.nextInt(ties);
    for (int i = 0; ; i++) {
      if (totals[i] == highest && skip-- == 0) {
        return i;
      }
    }
  }
}
