package dev.shiplog.scheduler.model;

import java.util.List;

/**
 * Which other pods a pod must or would like to be near to, or far from.
 *
 * @param required all of them must hold
 * @param forbidden none of them may hold: required anti-affinity
 * @param preferred wishes, those for anti-affinity with negative weights
 */
public record PodAffinity(
    List<AffinityTerm> required,
    List<AffinityTerm> forbidden,
    List<AffinityTerm.Preferred> preferred) {

  public static final PodAffinity NONE = new PodAffinity(List.of(), List.of(), List.of());

  public PodAffinity {
    required = List.copyOf(required);
    forbidden = List.copyOf(forbidden);
    preferred = List.copyOf(preferred);
  }

  /** True if other pods do not matter to the pod. */
  public boolean isNone() {
    return required.isEmpty() && forbidden.isEmpty() && preferred.isEmpty();
  }
}
