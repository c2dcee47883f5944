package dev.shiplog.agent.files;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** One thread at a time per pod; a few pods may share a lock. Safe for use by many threads. */
final class PodLocks {

  private static final int LOCKS = 64;

  private final Lock[] locks = new Lock[LOCKS];

  PodLocks() {
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  <T> T locked(String podUid, Supplier<T> action) {
    Lock lock = locks[Math.floorMod(podUid.hashCode(), LOCKS)];
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
