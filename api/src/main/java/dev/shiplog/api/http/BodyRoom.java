package dev.shiplog.api.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for bodies of requests that have no seat yet. A body is read before its request asks for a
 * seat, so that who sends slowly holds none; this bounds what all of them hold meanwhile. Any
 * thread.
 */
final class BodyRoom {

  private static final int LEAST_BYTES = 128 << 20;
  private static final int PART_OF_THE_HEAP = 8;

  private final long most;
  private final PerUser users;
  private final AtomicLong held = new AtomicLong();

  /**
   * Room.
   *
   * @param most bytes in all; one user has half of them at most
   */
  BodyRoom(int most) {
    this.most = most;
    this.users = new PerUser(most / 2);
  }

  /** As much as this process can spare. */
  static BodyRoom ofThisProcess() {
    long part = Runtime.getRuntime().maxMemory() / PART_OF_THE_HEAP;
    return new BodyRoom(Math.clamp(part, LEAST_BYTES, Integer.MAX_VALUE));
  }

  /** What one request holds of it: nothing yet. */
  Hold hold(String user) {
    return new Hold(user);
  }

  /** What one request holds. Belongs to its event loop. */
  final class Hold {
    private final String user;
    private int bytes;
    private boolean released;

    private Hold(String user) {
      this.user = user;
    }

    /** More has come; false if there is no room for it. */
    boolean grow(int more) {
      if (released) {
        return false;
      }
      if (held.addAndGet(more) > most || !users.take(user, more)) {
        held.addAndGet(-more);
        return false;
      }
      bytes += more;
      return true;
    }

    /** The request has its seat, or is over. May be called again. */
    void release() {
      if (!released) {
        released = true;
        held.addAndGet(-bytes);
        users.give(user, bytes);
      }
    }
  }
}
