package dev.shiplog.api.journal;

import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;

/**
 * A leader's work that follows from the state alone: it looks at once, after each change of some
 * resources, and from time to time, so that whoever leads next goes on where this one stopped. One
 * thread, but for {@link #wakeup}.
 */
public abstract class StateRun implements LeaderTask.Run {

  private final Store store;
  private final ChangeSignal changes;
  private final long soonMs;
  private final long idleMs;
  private boolean again;

  /**
   * Begins to follow.
   *
   * @param soonMs after how long something that could not be done is looked at again
   * @param idleMs after how long everything is looked at again, unless {@link #idleMs} says other
   */
  protected StateRun(Store store, List<StorageResource> followed, long soonMs, long idleMs) {
    this.store = store;
    this.changes = new ChangeSignal(store, followed);
    this.soonMs = soonMs;
    this.idleMs = idleMs;
  }

  /**
   * Looks at the state and does what follows from it.
   *
   * @return whether something is left to be done that no change will tell of
   */
  protected abstract boolean look(Snapshot state);

  /** After how long everything is looked at again, unless something is left; asked each time. */
  protected long idleMs() {
    return idleMs;
  }

  @Override
  public final void step() {
    if (changes.await(again ? soonMs : idleMs())) {
      again = look(store.current());
    }
  }

  @Override
  public final void wakeup() {
    changes.wakeup();
  }

  @Override
  public void close() {
    changes.close();
  }
}
