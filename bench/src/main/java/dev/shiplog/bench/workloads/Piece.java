package dev.shiplog.bench.workloads;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What can be measured, in the order of the page. */
enum Piece {
  SCALE_UP,
  ROLL_OVER,
  DEPLOYMENTS,
  JOBS,
  DELETION,
  REACTION;

  /** As it is called on the command line. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Those that are named; all if none is.
   *
   * @throws IllegalArgumentException if there is no such piece
   */
  static Set<Piece> named(List<String> names) {
    Set<Piece> found = EnumSet.noneOf(Piece.class);
    for (String name : names) {
      found.add(
          Arrays.stream(values())
              .filter(piece -> piece.text().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      name + " is none of " + Arrays.stream(values()).map(Piece::text).toList())));
    }
    return found.isEmpty() ? EnumSet.allOf(Piece.class) : found;
  }
}
