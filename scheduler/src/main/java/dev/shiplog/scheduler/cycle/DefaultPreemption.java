package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.CandidateLimits;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/**
 * Makes room for a pod that fits nowhere by removing pods of lower priority: as few and as
 * unimportant ones as possible, and those that a PodDisruptionBudget protects only where nothing
 * else helps. Tries out what would be if pods were gone, and leaves the cluster as it was.
 */
final class DefaultPreemption {

  private static final String NOT_HELPFUL = "Preemption is not helpful for scheduling";
  private static final String NO_VICTIMS = "No preemption victims found for incoming pod";

  private final Cluster cluster;
  private final BiFunction<Pod, NodeInfo, Verdict> verdicts;
  private final RandomGenerator random;
  private final CandidateLimits limits;

  /**
   * Preemption in a cluster.
   *
   * @param verdicts what all filters say of a pod and a node as things are
   * @param limits how many nodes are enough to choose among
   */
  DefaultPreemption(
      Cluster cluster,
      BiFunction<Pod, NodeInfo, Verdict> verdicts,
      RandomGenerator random,
      CandidateLimits limits) {
    this.cluster = cluster;
    this.verdicts = verdicts;
    this.random = random;
    this.limits = limits;
  }

  /** Looks for a node to make room on. */
  PreemptionPlan plan(Pod pod, Diagnosis diagnosis) {
    if (!pod.preemption().allowed()) {
      return new PreemptionPlan.Wait("not eligible due to preemptionPolicy=Never.");
    }
    if (waitsForVictims(pod)) {
      return new PreemptionPlan.Wait(
          "not eligible due to a terminating pod on the nominated node.");
    }
    Reasons reasons = new Reasons();
    if (!cluster.hasPodsBelow(pod.priority())) {
      reasons.add(NO_VICTIMS, diagnosis.preemptibleNodes());
      reasons.add(NOT_HELPFUL, diagnosis.nodes() - diagnosis.preemptibleNodes());
      return new PreemptionPlan.Nothing(reasons.message());
    }
    return candidates(pod, reasons).stream()
        .min(Victims.LEAST_HARM_FIRST)
        .<PreemptionPlan>map(best -> new PreemptionPlan.Preempt(best.node(), best.pods()))
        .orElseGet(() -> new PreemptionPlan.Nothing(reasons.message()));
  }

  private boolean waitsForVictims(Pod pod) {
    NodeInfo nominated = cluster.nominations().of(pod.key()).flatMap(cluster::node).orElse(null);
    if (nominated == null) {
      return false;
    }
    Verdict verdict = verdicts.apply(pod, nominated);
    return (verdict.passes() || verdict.preemptible())
        && nominated.pods().stream()
            .anyMatch(other -> other.terminating() && other.priority() < pod.priority());
  }

  private List<Victims> candidates(Pod pod, Reasons reasons) {
    int enough = limits.of(cluster.nodeCount());
    List<Victims> found = new ArrayList<>();
    boolean anyHarmless = false;
    int slots = cluster.slotCount();
    int first = slots == 0 ? 0 : random.nextInt(slots);
    for (int i = 0; i < slots && !(anyHarmless && found.size() >= enough); i++) {
      NodeInfo node = cluster.at((first + i) % slots);
      Victims victims = node == null ? null : victimsOn(node, pod, reasons);
      if (victims != null) {
        found.add(victims);
        anyHarmless |= victims.violations() == 0;
      }
    }
    return found;
  }

  /** Null where removing pods does not help; the reason is then noted. */
  private Victims victimsOn(NodeInfo node, Pod pod, Reasons reasons) {
    Verdict now = verdicts.apply(pod, node);
    if (!now.passes() && !now.preemptible()) {
      reasons.add(NOT_HELPFUL, 1);
      return null;
    }
    List<Pod> lower =
        node.pods().stream()
            .filter(other -> other.priority() < pod.priority())
            .sorted(Victims.MOST_IMPORTANT_FIRST)
            .toList();
    if (lower.isEmpty()) {
      reasons.add(NO_VICTIMS, 1);
      return null;
    }
    return tryWithout(lower, node, pod, reasons);
  }

  private Victims tryWithout(List<Pod> lower, NodeInfo node, Pod pod, Reasons reasons) {
    lower.forEach(other -> cluster.hide(other.key()));
    try {
      Verdict verdict = verdicts.apply(pod, node);
      if (!verdict.passes()) {
        reasons.add(verdict);
        return null;
      }
      List<Pod> protectedOnes = cluster.budgets().protectedOf(lower);
      List<Pod> others = lower.stream().filter(p -> !protectedOnes.contains(p)).toList();
      List<Pod> victims = new ArrayList<>(withoutSpared(protectedOnes, node, pod));
      int violations = victims.size();
      victims.addAll(withoutSpared(others, node, pod));
      victims.sort(Victims.MOST_IMPORTANT_FIRST);
      return victims.isEmpty() ? null : new Victims(node.name(), victims, violations);
    } finally {
      lower.forEach(other -> cluster.show(other.key()));
    }
  }

  /** Lets each of them stay, the most important first, with whom the pod still fits. */
  private List<Pod> withoutSpared(List<Pod> others, NodeInfo node, Pod pod) {
    List<Pod> victims = new ArrayList<>();
    for (Pod other : others) {
      cluster.show(other.key());
      if (!verdicts.apply(pod, node).passes()) {
        cluster.hide(other.key());
        victims.add(other);
      }
    }
    return victims;
  }
}
