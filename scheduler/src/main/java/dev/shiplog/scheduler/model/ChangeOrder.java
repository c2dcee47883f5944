package dev.shiplog.scheduler.model;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Slots in the order of their last change: a doubly linked list over arrays. Whoever remembers the
 * generation up to which it has looked finds what changed since without looking at anything else.
 * One thread.
 */
final class ChangeOrder {

  private static final int NONE = -1;

  private int[] newer = new int[0];
  private int[] older = new int[0];
  private long[] generations = new long[0];
  private int newest = NONE;
  private long generation;

  /** Moves with every change; 0 before any. */
  long generation() {
    return generation;
  }

  /** Notes that a slot has changed. Slots are numbered from 0 without gaps. */
  void touch(int slot) {
    if (slot >= generations.length) {
      grow(slot + 1);
    }
    if (generations[slot] != 0) {
      unlink(slot);
    }
    linkAsNewest(slot);
    generations[slot] = ++generation;
  }

  /** Visits each slot that changed after a generation, the last changed first. */
  void forEachSince(long seen, IntConsumer visitor) {
    for (int slot = newest; slot != NONE && generations[slot] > seen; slot = older[slot]) {
      visitor.accept(slot);
    }
  }

  private void unlink(int slot) {
    if (slot == newest) {
      newest = older[slot];
    } else {
      older[newer[slot]] = older[slot];
    }
    if (older[slot] != NONE) {
      newer[older[slot]] = newer[slot];
    }
  }

  private void linkAsNewest(int slot) {
    newer[slot] = NONE;
    older[slot] = newest;
    if (newest != NONE) {
      newer[newest] = slot;
    }
    newest = slot;
  }

  private void grow(int slots) {
    int length = Math.max(16, Math.max(slots, generations.length * 2));
    newer = Arrays.copyOf(newer, length);
    older = Arrays.copyOf(older, length);
    generations = Arrays.copyOf(generations, length);
  }
}
