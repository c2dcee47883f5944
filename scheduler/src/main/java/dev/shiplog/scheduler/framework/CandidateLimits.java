package dev.shiplog.scheduler.framework;

/**
 * How many nodes are enough to choose among where pods are removed for another: so many per cent of
 * all, but no fewer than a number.
 *
 * @param percentage 0 to 100
 * @param absolute 0 or more; one of the two is not 0
 */
public record CandidateLimits(int percentage, int absolute) {

  /** Kubernetes' defaults. */
  public static final CandidateLimits DEFAULT = new CandidateLimits(10, 100);

  /** Enough where there are so many nodes. */
  public int of(int nodes) {
    return Math.min(nodes, Math.max(absolute, (int) ((long) nodes * percentage / 100)));
  }
}
