package dev.shiplog.streams.kit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.function.Function;

/**
 * A secondary index of a view. Declare it once as a constant: its identity is type and name.
 *
 * @param type what it indexes
 * @param name tells the type's indexes apart
 * @param values the values an object is found under; pure
 */
public record Index<T extends HasMetadata>(
    ResourceType<T> type, String name, Function<T, Collection<String>> values) {

  @Override
  public boolean equals(Object other) {
    return other instanceof Index<?> that && type.equals(that.type) && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
