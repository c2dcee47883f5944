package dev.shiplog.streams.kit.view;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

/** What was deleted, as far back as there is room. */
final class Graves {

  private final int max;
  private final SequencedSet<String> deleted = new LinkedHashSet<>();

  Graves(int max) {
    this.max = max;
  }

  void add(String what) {
    deleted.remove(what);
    deleted.addLast(what);
    if (deleted.size() > max) {
      deleted.removeFirst();
    }
  }

  void remove(String what) {
    deleted.remove(what);
  }

  boolean contains(String what) {
    return deleted.contains(what);
  }
}
