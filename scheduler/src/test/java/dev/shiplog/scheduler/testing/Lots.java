package dev.shiplog.scheduler.testing;

import java.util.random.RandomGenerator;

/** Draws the lot it is told to, so that a test can see every node a tie leaves open. */
public final class Lots implements RandomGenerator {

  private int next;
  private int lastBound = 1;

  /** The lot to be drawn from now on. */
  public void draw(int lot) {
    next = lot;
    lastBound = 1;
  }

  /** How many lots there were at the last draw since {@link #draw}; 1 if none was needed. */
  public int lastBound() {
    return lastBound;
  }

  @Override
  public int nextInt(int bound) {
    lastBound = bound;
    return next % bound;
  }

  @Override
  public long nextLong() {
    throw new UnsupportedOperationException("only lots are drawn");
  }
}
