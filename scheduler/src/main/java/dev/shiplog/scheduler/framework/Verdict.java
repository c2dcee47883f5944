package dev.shiplog.scheduler.framework;

import java.util.List;

/**
 * What a filter says of a node. Filters are asked very often: keep the verdicts that can be kept.
 *
 * @param reasons why the pod cannot run there, in the words users know from Kubernetes; empty if it
 *     can
 * @param preemptible true if it could run there once other pods are gone
 */
public record Verdict(List<String> reasons, boolean preemptible) {

  public static final Verdict PASS = new Verdict(List.of(), true);

  public Verdict {
    reasons = List.copyOf(reasons);
  }

  /** Not now, but other pods could make room. */
  public static Verdict unschedulable(String... reasons) {
    return new Verdict(List.of(reasons), true);
  }

  /** Not as long as the node and the pod are what they are. */
  public static Verdict unresolvable(String... reasons) {
    return new Verdict(List.of(reasons), false);
  }

  public boolean passes() {
    return reasons.isEmpty();
  }
}
