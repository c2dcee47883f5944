package dev.shiplog.scheduler.queue;

import dev.shiplog.scheduler.model.Pod;
import java.util.Set;

/**
 * A pod to be scheduled, with what its earlier attempts have left. Belongs to the queue's thread.
 */
public final class QueuedPod {

  /** Which part of the queue holds it. */
  enum Place {
    ACTIVE,
    BACKING_OFF,
    UNSCHEDULABLE,
    GATED,
    /** Nowhere: it was popped. */
    OUT
  }

  private Pod pod;
  private Place place = Place.OUT;
  private int attempts;
  private long lastAttemptMs;
  private long queuedMs;
  private long readyMs;
  private long arrivedMs = -1;
  private long sequence;
  private Set<String> rejectedBy = Set.of();
  private Set<String> plugins = Set.of();
  private boolean rejectedByShape = true;
  private boolean refused;

  QueuedPod(Pod pod) {
    this.pod = pod;
  }

  /** The pod as the queue knows it. */
  public Pod pod() {
    return pod;
  }

  /** How often it was popped. */
  public int attempts() {
    return attempts;
  }

  /** The cluster filters that turned it down on its last attempt. */
  public Set<String> rejectedBy() {
    return rejectedBy;
  }

  /** True if some node would do but for what shape filters say. */
  boolean rejectedByShape() {
    return rejectedByShape;
  }

  /** Whether a command to bind it was ever refused. */
  public boolean wasRefused() {
    return refused;
  }

  /** When it was first to be scheduled. */
  public long arrivedMs() {
    return arrivedMs;
  }

  Place place() {
    return place;
  }

  /** When it came to the active part, or to those that wait. */
  long queuedMs() {
    return queuedMs;
  }

  /** When its back-off ends. */
  long readyMs() {
    return readyMs;
  }

  /** Keeps the order of those that are otherwise equal. */
  long sequence() {
    return sequence;
  }

  void update(Pod newer) {
    pod = newer;
  }

  void enter(Place newPlace, long nowMs, long newSequence) {
    if (arrivedMs < 0 && newPlace != Place.GATED) {
      arrivedMs = nowMs;
    }
    place = newPlace;
    queuedMs = nowMs;
    sequence = newSequence;
  }

  void attempt(long nowMs) {
    place = Place.OUT;
    attempts++;
    lastAttemptMs = nowMs;
  }

  /** All filters that turned it down, to be told until it is out of the queue. */
  Set<String> plugins() {
    return plugins;
  }

  void blame(Set<String> names) {
    plugins = Set.copyOf(names);
  }

  void reject(Set<String> by, boolean byShape) {
    rejectedBy = Set.copyOf(by);
    rejectedByShape = byShape;
  }

  void refuse() {
    refused = true;
  }

  void backOff(BackOff backOff) {
    readyMs = lastAttemptMs + backOff.afterMs(attempts);
  }
}
