package dev.shiplog.streams.kit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A change that a view has taken in. Several commits to one object may arrive as one change.
 *
 * @param key of the object
 * @param before as it was; null if it was not there
 * @param after as it is; null if it is gone
 * @param revision the change's revision; 0 where it is not known
 * @param traceparent the step of a trace that made it; null if there is none
 */
public record ObjectChange<T extends HasMetadata>(
    ResourceType<T> type, String key, T before, T after, long revision, String traceparent) {

  /** One that is not traced. */
  public ObjectChange(ResourceType<T> type, String key, T before, T after, long revision) {
    this(type, key, before, after, revision, null);
  }

  /** The same, as a step of a trace made it. */
  public ObjectChange<T> tracedBy(String step) {
    return step == null ? this : new ObjectChange<>(type, key, before, after, revision, step);
  }

  /** What is there now, or else what was. */
  public T latest() {
    return after == null ? before : after;
  }

  /** Before and after, as far as there are. */
  public Stream<T> states() {
    return Stream.concat(Optional.ofNullable(before).stream(), Optional.ofNullable(after).stream());
  }
}
