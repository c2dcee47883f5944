package dev.shiplog.streams.controllers.pod;

import io.fabric8.kubernetes.api.model.IntOrString;

/** Numbers that may be given as a percentage of a whole. */
public final class Shares {

  private Shares() {}

  /** Rounded up; where nothing is given, the default. */
  public static int up(IntOrString value, int whole, int byDefault) {
    return of(value, whole, byDefault, true);
  }

  /** Rounded down; where nothing is given, the default. */
  public static int down(IntOrString value, int whole, int byDefault) {
    return of(value, whole, byDefault, false);
  }

  private static int of(IntOrString value, int whole, int byDefault, boolean up) {
    if (value == null) {
      return byDefault;
    }
    if (value.getIntVal() != null) {
      return value.getIntVal();
    }
    if (value.getStrVal() == null) {
      return byDefault;
    }
    long hundredths = Long.parseLong(value.getStrVal().replace("%", "").trim()) * whole;
    return (int) (up ? Math.ceilDiv(hundredths, 100) : Math.floorDiv(hundredths, 100));
  }
}
