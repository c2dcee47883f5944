package dev.shiplog.e2e.consistency;

/** The highest revision that was known to somebody, by time. Times are added in their order. */
final class Known {

  private final long[] times;
  private final long[] revisions;
  private int count;

  Known(int most) {
    this.times = new long[most];
    this.revisions = new long[most];
  }

  void add(long time, long revision) {
    times[count] = time;
    revisions[count] = count == 0 ? revision : Math.max(revision, revisions[count - 1]);
    count++;
  }

  /** What was known just before a time. */
  long before(long time) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 0 : revisions[low - 1];
  }
}
