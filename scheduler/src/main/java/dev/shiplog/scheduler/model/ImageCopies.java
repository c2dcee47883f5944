package dev.shiplog.scheduler.model;

import java.util.Arrays;

/** On which nodes an image is. Kept up to date by {@link Cluster}. */
public final class ImageCopies {

  private long[] sizes = new long[0];
  private int nodes;

  ImageCopies() {}

  /** How many nodes have it. */
  public int nodes() {
    return nodes;
  }

  /** Its size in bytes on the node in a slot; 0 if it is not there. */
  public long sizeAt(int slot) {
    return slot < sizes.length ? sizes[slot] : 0;
  }

  void put(int slot, long bytes) {
    if (slot >= sizes.length) {
      sizes = Arrays.copyOf(sizes, Math.max(slot + 1, sizes.length * 2));
    }
    nodes++;
    sizes[slot] = bytes;
  }

  void remove(int slot) {
    nodes--;
    sizes[slot] = 0;
  }
}
