package dev.shiplog.streams.controllers.deployment;

import java.util.List;

/**
 * One step from the old ReplicaSets to the new one: never more pods than the surge allows, never
 * fewer available than asked for. Works on the sizes asked for, which count at once, and on the
 * available pods by the sets' own account; that may lag behind a set's size, so no more than the
 * size counts.
 */
final class RollingUpdate {

  private final Sets sets;
  private final Strategy strategy;

  RollingUpdate(Sets sets, Strategy strategy) {
    this.sets = sets;
    this.strategy = strategy;
  }

  /** How large a new set may be made now. */
  static int newSize(Strategy strategy, int size, int possibleReplicas) {
    if (strategy.recreate()) {
      return strategy.replicas();
    }
    int room = strategy.replicas() + strategy.maxSurge() - possibleReplicas;
    return room <= 0 ? size : size + Math.min(room, strategy.replicas() - size);
  }

  void step() {
    PlannedSet current = sets.current().orElseThrow();
    int before = current.replicas();
    if (!current.isToBeCreated() && before != strategy.replicas()) {
      int size =
          before > strategy.replicas()
              ? strategy.replicas()
              : newSize(strategy, before, sets.possibleReplicas());
      if (size != before) {
        current.scaleTo(size, strategy);
        return;
      }
    }
    scaleDownOld(current);
  }

  private void scaleDownOld(PlannedSet current) {
    if (sets.oldReplicas() == 0) {
      return;
    }
    int unavailableNew = current.replicas() - current.availableReplicas();
    int spare = sets.totalReplicas() - strategy.minAvailable() - unavailableNew;
    if (spare > 0) {
      giveUpUnhealthy(spare);
      giveUpHealthy();
    }
  }

  /** Pods that are not available cost nothing to give up. */
  private void giveUpUnhealthy(int spare) {
    int left = spare;
    for (PlannedSet set : sets.old()) {
      int unavailable = Math.max(0, set.replicas() - set.availableReplicas());
      int down = Math.min(left, unavailable);
      if (down > 0) {
        set.scaleTo(set.replicas() - down, strategy);
        left -= down;
      }
    }
  }

  private void giveUpHealthy() {
    int left = sets.all().mapToInt(PlannedSet::lastingAvailable).sum() - strategy.minAvailable();
    for (PlannedSet set : sets.old()) {
      int down = Math.min(set.replicas(), left);
      if (down > 0) {
        set.scaleTo(set.replicas() - down, strategy);
        left -= down;
      }
    }
  }

  /** All old sets to nothing; false if they were there already. */
  static boolean scaleDownAllOld(Sets sets, Strategy strategy) {
    List<PlannedSet> active = sets.old().stream().filter(PlannedSet::isActive).toList();
    active.forEach(set -> set.scaleTo(0, strategy));
    return !active.isEmpty();
  }
}
