package dev.shiplog.streams.controllers.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Completion indexes as a Job's status writes them: {@code 0,2-4,9}. */
final class Indexes {

  private Indexes() {}

  /** Those a text names, below a limit; what cannot be read is as if it were not there. */
  static NavigableSet<Integer> parse(String text, int limit) {
    NavigableSet<Integer> indexes = new TreeSet<>();
    if (text == null || text.isBlank()) {
      return indexes;
    }
    for (String part : text.split(",")) {
      addRange(part.trim(), limit, indexes);
    }
    return indexes;
  }

  private static void addRange(String part, int limit, NavigableSet<Integer> indexes) {
    if (!part.matches("\\d{1,9}(-\\d{1,9})?")) {
      return;
    }
    String[] ends = part.split("-", 2);
    int last = Math.min(Integer.parseInt(ends[ends.length - 1]), limit - 1);
    for (int index = Integer.parseInt(ends[0]); index <= last; index++) {
      indexes.add(index);
    }
  }

  /** The shortest text; two in a row are written with a comma, more with a dash. */
  static String format(Collection<Integer> indexes) {
    List<String> parts = new ArrayList<>();
    Integer first = null;
    Integer last = null;
    for (Integer index : new TreeSet<>(indexes)) {
      if (last != null && index == last + 1) {
        last = index;
        continue;
      }
      add(parts, first, last);
      first = index;
      last = index;
    }
    add(parts, first, last);
    return String.join(",", parts);
  }

  private static void add(List<String> parts, Integer first, Integer last) {
    if (first == null) {
      return;
    }
    if (first.equals(last)) {
      parts.add(first.toString());
    } else {
      parts.add(last == first + 1 ? first + "," + last : first + "-" + last);
    }
  }
}
