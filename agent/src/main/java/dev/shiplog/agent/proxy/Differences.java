package dev.shiplog.agent.proxy;

import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;

/** What differs between two maps that share what is the same in both. */
final class Differences {

  private Differences() {}

  /**
   * Told what differs.
   *
   * @param <T> of the values
   */
  @FunctionalInterface
  interface Listener<T> {

    /** One of the two is null where the key is in one map alone. */
    void differs(String key, T before, T now);
  }

  /**
   * Tells keys, in order, whose values are not the same objects. Nobody changes them, and to
   * compare what they hold would cost more than what is saved.
   */
  @SuppressWarnings("ReferenceEquality")
  static <T> void between(
      SortedMap<String, T> before, SortedMap<String, T> now, Listener<T> listener) {
    if (before == now) {
      return;
    }
    Iterator<Map.Entry<String, T>> olds = before.entrySet().iterator();
    Iterator<Map.Entry<String, T>> news = now.entrySet().iterator();
    Map.Entry<String, T> old = next(olds);
    Map.Entry<String, T> fresh = next(news);
    while (old != null || fresh != null) {
      int order = order(old, fresh);
      if (order < 0) {
        listener.differs(old.getKey(), old.getValue(), null);
      } else if (order > 0) {
        listener.differs(fresh.getKey(), null, fresh.getValue());
      } else if (old.getValue() != fresh.getValue()) {
        listener.differs(old.getKey(), old.getValue(), fresh.getValue());
      }
      old = order <= 0 ? next(olds) : old;
      fresh = order >= 0 ? next(news) : fresh;
    }
  }

  private static int order(Map.Entry<String, ?> old, Map.Entry<String, ?> fresh) {
    if (old == null) {
      return 1;
    }
    return fresh == null ? -1 : old.getKey().compareTo(fresh.getKey());
  }

  private static <T> T next(Iterator<T> iterator) {
    return iterator.hasNext() ? iterator.next() : null;
  }
}
