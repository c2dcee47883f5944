package dev.shiplog.agent.work;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One thread at a time per key, and no key waits for another. Keys that nobody uses cost nothing.
 * Safe for use by many threads; how many use a lock is changed within the map.
 */
public final class KeyLocks {

  private final ConcurrentMap<String, Counted> locks = new ConcurrentHashMap<>();

  private record Counted(ReentrantLock lock, int users) {

    Counted plus(int more) {
      return new Counted(lock, users + more);
    }
  }

  /** Runs the action while no other of the same key runs. */
  public <T> T locked(String key, Supplier<T> action) {
    ReentrantLock lock =
        locks
            .compute(
                key,
                (_, known) -> known == null ? new Counted(new ReentrantLock(), 1) : known.plus(1))
            .lock();
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
      locks.compute(key, (_, known) -> known.users() == 1 ? null : known.plus(-1));
    }
  }
}
