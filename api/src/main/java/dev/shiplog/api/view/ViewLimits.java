package dev.shiplog.api.view;

/**
 * How much of the past is held in memory, for each resource by itself: a busy resource does not
 * push out the history of a quiet one.
 *
 * @param eventsPerResource how many events; a power of two, at least 64
 * @param eventBytesPerResource how many bytes of objects they may hold
 */
public record ViewLimits(int eventsPerResource, long eventBytesPerResource) {

  /** A few minutes of a busy cluster's pods, in at most 64 MiB. */
  public static final ViewLimits DEFAULT = new ViewLimits(16_384, 64L << 20);

  public ViewLimits {
    if (eventsPerResource < 64 || Integer.bitCount(eventsPerResource) != 1) {
      throw new IllegalArgumentException(
          "events per resource must be a power of two of at least 64, not " + eventsPerResource);
    }
  }
}
