package dev.shiplog.api.admission.matching;

import dev.shiplog.api.admission.Listed;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.function.Function;

/**
 * What was made of all objects of a resource, made anew when one of them changed. Any thread.
 *
 * @param <T> immutable
 */
public final class ByRevision<T> {

  private final StorageResource resource;
  private final Function<List<StoredObject>, T> reading;
  private volatile Read<T> read;

  public ByRevision(StorageResource resource, Function<List<StoredObject>, T> reading) {
    this.resource = resource;
    this.reading = reading;
    this.read = new Read<>(0, reading.apply(List.of()));
  }

  private record Read<T>(long revision, T value) {}

  /** As of the state. Costs a look-up while nothing changes. */
  public T in(Snapshot state) {
    Read<T> known = read;
    long revision = state.lastRevision(resource);
    return revision == known.revision() ? known.value() : readAgain(state, revision);
  }

  private T readAgain(Snapshot state, long revision) {
    T value = reading.apply(Listed.in(state, resource, "").toList());
    synchronized (this) {
      if (revision > read.revision()) {
        read = new Read<>(revision, value);
      }
    }
    return value;
  }
}
