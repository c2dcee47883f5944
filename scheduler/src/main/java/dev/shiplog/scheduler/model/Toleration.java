package dev.shiplog.scheduler.model;

import java.util.List;

/**
 * A pod's toleration.
 *
 * @param key empty tolerates every key
 * @param exists true for operator Exists: the value does not matter
 * @param value what the taint's value must be, unless {@code exists}
 * @param effect null tolerates every effect
 */
public record Toleration(String key, boolean exists, String value, Taint.Effect effect) {

  public boolean tolerates(Taint taint) {
    return (effect == null || effect == taint.effect())
        && (key.isEmpty() || key.equals(taint.key()))
        && (exists || value.equals(taint.value()));
  }

  public static boolean anyTolerates(List<Toleration> tolerations, Taint taint) {
    for (Toleration toleration : tolerations) {
      if (toleration.tolerates(taint)) {
        return true;
      }
    }
    return false;
  }
}
