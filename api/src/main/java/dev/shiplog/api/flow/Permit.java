package dev.shiplog.api.flow;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A request's place at its priority level. Any thread.
 *
 * <p>{@link #release} gives the seat to the next; it counts once, however often it is called.
 */
public final class Permit {

  private final FlowControl control;
  private final PriorityLevel level;
  private final String schemaUid;
  private final String levelUid;
  private final boolean readOnly;
  private final int width;
  private final String flow;
  private final String user;
  private final AtomicBoolean released = new AtomicBoolean();

  Permit(
      FlowControl control,
      PriorityLevel level,
      String schemaUid,
      String levelUid,
      boolean readOnly,
      int width,
      String flow,
      String user) {
    this.control = control;
    this.level = level;
    this.schemaUid = schemaUid;
    this.levelUid = levelUid;
    this.readOnly = readOnly;
    this.width = width;
    this.flow = flow;
    this.user = user;
  }

  /** The FlowSchema that sorted the request; empty if none did. */
  public String schemaUid() {
    return schemaUid;
  }

  public String levelUid() {
    return levelUid;
  }

  /** Gives the seat back. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      control.release(this);
    }
  }

  /** Whether the seat was given back. */
  public boolean isReleased() {
    return released.get();
  }

  /** How many seats it takes. */
  int width() {
    return width;
  }

  /** What it belongs to: the requests of its user, or of all in its namespace. */
  String flow() {
    return flow;
  }

  String user() {
    return user;
  }

  boolean readOnly() {
    return readOnly;
  }

  PriorityLevel level() {
    return level;
  }
}
