package dev.shiplog.api.view;

import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePSet;

/** From a value to the keys of the objects that have it. Immutable. */
final class Index {

  static final Index EMPTY = new Index(HashTreePMap.empty());

  private final HashPMap<String, TreePSet<String>> keys;

  private Index(HashPMap<String, TreePSet<String>> keys) {
    this.keys = keys;
  }

  /** The keys in order; empty if no object has the value. */
  TreePSet<String> keysOf(String value) {
    TreePSet<String> found = keys.get(value);
    return found == null ? TreePSet.empty() : found;
  }

  Index plus(String value, String key) {
    return new Index(keys.plus(value, keysOf(value).plus(key)));
  }

  Index minus(String value, String key) {
    TreePSet<String> rest = keysOf(value).minus(key);
    return new Index(rest.isEmpty() ? keys.minus(value) : keys.plus(value, rest));
  }
}
