package dev.shiplog.streams.controllers.deployment;

import java.util.Comparator;
import java.util.List;

/**
 * A new size for a Deployment that is between two templates, or paused: the sets that have pods
 * grow or shrink in proportion, so that the risk stays spread as it was.
 */
final class ProportionalScaling {

  private final Sets sets;
  private final Strategy strategy;

  ProportionalScaling(Sets sets, Strategy strategy) {
    this.sets = sets;
    this.strategy = strategy;
  }

  void apply() {
    var single = sets.activeOrLatest();
    if (single.isPresent()) {
      if (single.get().replicas() != strategy.replicas()) {
        single.get().scaleTo(strategy.replicas(), strategy);
      }
    } else if (isSaturated()) {
      RollingUpdate.scaleDownAllOld(sets, strategy);
    } else if (!strategy.recreate()) {
      spread();
    }
  }

  /** The new set has all the pods there should be: the old ones are left-overs. */
  private boolean isSaturated() {
    return sets.current()
        .filter(set ->
            set.replicas() == strategy.replicas()
                && Annotations.desiredReplicas(set.seen()) == strategy.replicas()
                && set.availableReplicas() == strategy.replicas())
        .isPresent();
  }

  private void spread() {
    int toAdd = strategy.maxReplicas() - sets.totalReplicas();
    List<PlannedSet> bySize = sets.active().stream().sorted(largestFirst(toAdd > 0)).toList();
    int added = 0;
    int[] sizes = new int[bySize.size()];
    for (int i = 0; i < sizes.length; i++) {
      PlannedSet set = bySize.get(i);
      int share = toAdd == 0 ? 0 : share(set, toAdd, added);
      sizes[i] = set.replicas() + share;
      added += share;
    }
    if (sizes.length > 0) {
      sizes[0] = Math.max(0, sizes[0] + toAdd - added); // what rounding left over
    }
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == bySize.get(i).replicas()) {
        bySize.get(i).noteSizes(strategy);
      } else {
        bySize.get(i).scaleTo(sizes[i], strategy);
      }
    }
  }

  /** When growing the newest of equals comes first, when shrinking the oldest. */
  private static Comparator<PlannedSet> largestFirst(boolean newestFirst) {
    Comparator<PlannedSet> byAge =
        Comparator.comparing(
            set -> String.valueOf(set.seen().getMetadata().getCreationTimestamp()));
    return Comparator.<PlannedSet>comparingInt(set -> -set.replicas())
        .thenComparing(newestFirst ? byAge.reversed() : byAge)
        .thenComparing(PlannedSet::name);
  }

  private int share(PlannedSet set, int toAdd, int added) {
    int fraction = fraction(set);
    int allowed = toAdd - added;
    return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
  }

  /** How much the set would grow if it grew as the Deployment did. */
  private int fraction(PlannedSet set) {
    if (strategy.replicas() == 0) {
      return -set.replicas();
    }
    int maxBefore = Annotations.maxReplicas(set.seen());
    int basis = maxBefore == 0 ? Math.max(1, currentTotal()) : maxBefore;
    double wanted = (double) set.replicas() * strategy.maxReplicas() / basis;
    return (int) Math.round(wanted) - set.replicas();
  }

  private int currentTotal() {
    return sets.all().mapToInt(PlannedSet::currentReplicas).sum();
  }
}
