package dev.shiplog.scheduler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The PodDisruptionBudgets, as far as preemption minds them. Belongs to the scheduling thread. */
public final class Budgets {

  /**
   * A budget.
   *
   * @param allowed how many more of its pods may be disrupted
   * @param disrupted names of pods whose disruption it has counted already
   */
  public record Budget(LabelSelector selector, int allowed, Set<String> disrupted) {

    public Budget {
      disrupted = Set.copyOf(disrupted);
    }

    private boolean protects(Pod pod) {
      return !selector.isEverything()
          && selector.matches(pod.labels())
          && !disrupted.contains(pod.name());
    }
  }

  private final Map<String, Map<String, Budget>> byNamespace = new HashMap<>();

  Budgets() {}

  /** Takes in a budget as it is now. */
  public void put(String namespace, String name, Budget budget) {
    byNamespace.computeIfAbsent(namespace, n -> new HashMap<>()).put(name, budget);
  }

  /** A budget is gone. */
  public void remove(String namespace, String name) {
    byNamespace.getOrDefault(namespace, Map.of()).remove(name);
  }

  /**
   * Those of some pods that could not go without a budget being overdrawn, if all of them went in
   * that order.
   */
  public List<Pod> protectedOf(List<Pod> pods) {
    Map<Budget, Integer> left = new HashMap<>();
    List<Pod> found = new ArrayList<>();
    for (Pod pod : pods) {
      boolean overdrawn = false;
      for (Budget budget : byNamespace.getOrDefault(pod.namespace(), Map.of()).values()) {
        if (budget.protects(pod)) {
          overdrawn |= left.merge(budget, -1, (all, one) -> all + one) + budget.allowed() < 0;
        }
      }
      if (overdrawn) {
        found.add(pod);
      }
    }
    return found;
  }
}
