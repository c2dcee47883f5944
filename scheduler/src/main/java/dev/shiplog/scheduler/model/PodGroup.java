package dev.shiplog.scheduler.model;

/**
 * That a pod is one of several of which enough run together or none: what its labels and
 * annotations say. They are the same on all pods of a group, best set in a pod template.
 *
 * @param name within the namespace
 * @param min so many of its pods must find a node before any is bound
 * @param timeoutMs after so long without, room is held for it
 */
public record PodGroup(String name, int min, long timeoutMs) {

  /** The label that names the group. */
  public static final String NAME = "scheduler.shiplog.dev/pod-group";

  /** The annotation that says how many are enough. */
  public static final String MIN = "scheduler.shiplog.dev/pod-group-min";

  /** The annotation that says after how many seconds room is held. */
  public static final String TIMEOUT_SECONDS = "scheduler.shiplog.dev/pod-group-timeout-seconds";

  static final long DEFAULT_TIMEOUT_MS = 60_000;
}
