package dev.shiplog.scheduler.reference;

import dev.shiplog.scheduler.model.AffinityTerm;
import dev.shiplog.scheduler.model.LabelSelector;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.SpreadConstraint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** How well nodes suit a pod that can run on all of them: default plugins, default weights. */
public record ReferenceScores(World world, List<Node> feasible) {

  private static final String HOST = "kubernetes.io/hostname";
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final long MB = 1 << 20;

  /** The weighted sum for each node. */
  public Map<String, Long> totals(Pod pod) {
    Map<String, Long> totals = new TreeMap<>();
    for (Node node : feasible) {
      totals.put(node.name(), 3 * taints(pod, node) + 2 * nodeAffinity(pod, node));
      totals.merge(node.name(), leastAllocated(pod, node) + balanced(pod, node), Long::sum);
      totals.merge(node.name(), imageLocality(pod, node), Long::sum);
    }
    spread(pod).forEach((node, score) -> totals.merge(node, 2 * score, Long::sum));
    podAffinity(pod).forEach((node, score) -> totals.merge(node, 2 * score, Long::sum));
    return totals;
  }

  private long highest(ToLongFunction<Node> score) {
    return feasible.stream().mapToLong(score).max().orElse(0);
  }

  private long taints(Pod pod, Node node) {
    ToLongFunction<Node> untolerated =
        n ->
            n.taints().stream()
                .filter(taint -> !taint.forbidsScheduling() && !pod.shape().tolerates(taint))
                .count();
    long most = highest(untolerated);
    return most == 0 ? 100 : 100 - 100 * untolerated.applyAsLong(node) / most;
  }

  private long nodeAffinity(Pod pod, Node node) {
    ToLongFunction<Node> sum =
        n ->
            pod.shape().nodeAffinity().preferred().stream()
                .filter(wish -> wish.term().matches(n))
                .mapToLong(wish -> wish.weight())
                .sum();
    long most = highest(sum);
    return most == 0 ? 0 : 100 * sum.applyAsLong(node) / most;
  }

  private long leastAllocated(Pod pod, Node node) {
    long cpu = pod.shape().scoredCpuMilli();
    long memory = pod.shape().scoredMemoryBytes();
    for (Pod other : world.podsOn(node)) {
      cpu += other.shape().scoredCpuMilli();
      memory += other.shape().scoredMemoryBytes();
    }
    return (free(node.allocatable().cpuMilli(), cpu)
            + free(node.allocatable().memoryBytes(), memory))
        / 2;
  }

  private static long free(long all, long taken) {
    return taken > all ? 0 : (all - taken) * 100 / all;
  }

  private long balanced(Pod pod, Node node) {
    long cpu = pod.shape().requests().cpuMilli();
    long memory = pod.shape().requests().memoryBytes();
    if (cpu == 0 && memory == 0) {
      return 0;
    }
    for (Pod other : world.podsOn(node)) {
      cpu += other.shape().requests().cpuMilli();
      memory += other.shape().requests().memoryBytes();
    }
    double ofCpu = Math.min(1, (double) cpu / node.allocatable().cpuMilli());
    double ofMemory = Math.min(1, (double) memory / node.allocatable().memoryBytes());
    return (long) ((1 - Math.abs(ofCpu - ofMemory) / 2) * 100);
  }

  private long imageLocality(Pod pod, Node node) {
    long sum = 0;
    for (String image : pod.images().names()) {
      long having = world.nodes().stream().filter(n -> n.images().containsKey(image)).count();
      double share = (double) having / world.nodes().size();
      sum += (long) (node.images().getOrDefault(image, 0L) * share);
    }
    long most = 1000 * MB * pod.images().names().size();
    return 100 * (Math.clamp(sum, 23 * MB, most) - 23 * MB) / (most - 23 * MB);
  }

  private Map<String, Long> spread(Pod pod) {
    List<SpreadConstraint> wishes =
        pod.spread().isEmpty()
            ? defaults(pod)
            : pod.spread().stream().filter(constraint -> !constraint.required()).toList();
    if (wishes.isEmpty()) {
      return Map.of();
    }
    List<Node> eligible = feasible.stream().filter(node -> isEligible(pod, wishes, node)).toList();
    Map<String, Long> raw = new HashMap<>();
    for (Node node : eligible) {
      double sum = 0;
      for (SpreadConstraint wish : wishes) {
        sum += spreadOf(pod, wishes, wish, node, eligible);
      }
      raw.put(node.name(), Math.round(sum));
    }
    long most = raw.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long least = raw.values().stream().mapToLong(Long::longValue).min().orElse(0);
    Map<String, Long> scores = new HashMap<>();
    raw.forEach(
        (node, score) -> scores.put(node, most == 0 ? 100 : 100 * (most + least - score) / most));
    return scores;
  }

  private List<SpreadConstraint> defaults(Pod pod) {
    boolean served =
        pod.namespace().equals("default")
            && !world.service().isEmpty()
            && pod.labels().entrySet().containsAll(world.service().entrySet());
    LabelSelector selector = LabelSelector.of(world.service());
    return served
        ? List.of(
            SpreadConstraint.preferred(HOST, 3, selector),
            SpreadConstraint.preferred(ZONE, 5, selector))
        : List.of();
  }

  private static boolean isEligible(Pod pod, List<SpreadConstraint> wishes, Node node) {
    return pod.spread().isEmpty()
        || wishes.stream().allMatch(wish -> node.labels().containsKey(wish.topologyKey()));
  }

  private double spreadOf(
      Pod pod,
      List<SpreadConstraint> wishes,
      SpreadConstraint wish,
      Node node,
      List<Node> eligible) {
    String domain = node.labels().get(wish.topologyKey());
    if (domain == null) {
      return 0;
    }
    Set<String> domains = new HashSet<>();
    eligible.forEach(n -> domains.add(n.labels().get(wish.topologyKey())));
    domains.remove(null);
    int count = 0;
    for (Node other : world.nodes()) {
      if (domain.equals(other.labels().get(wish.topologyKey()))
          && isEligible(pod, wishes, other)
          && wish.counts(other, pod.shape())) {
        count += new ReferenceFilters(world).matching(wish, pod, other);
      }
    }
    return count * Math.log(domains.size() + 2) + wish.maxSkew() - 1;
  }

  private Map<String, Long> podAffinity(Pod pod) {
    Map<String, Long> sums = new HashMap<>();
    for (Node node : feasible) {
      long sum = 0;
      for (Node other : world.nodes()) {
        for (Pod placed : world.podsOn(other)) {
          sum += pull(pod, node, placed, other);
        }
      }
      sums.put(node.name(), sum);
    }
    long most = sums.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long least = sums.values().stream().mapToLong(Long::longValue).min().orElse(0);
    Map<String, Long> scores = new HashMap<>();
    sums.forEach((node, sum) ->
        scores.put(
            node, most == least ? 0 : (long) (100 * ((double) (sum - least) / (most - least)))));
    return scores;
  }

  /** What one placed pod adds, by the wishes of both. */
  private long pull(Pod pod, Node node, Pod placed, Node where) {
    long sum = 0;
    for (AffinityTerm.Preferred wish : pod.affinity().preferred()) {
      sum += holds(wish.term(), placed, node, where) ? wish.weight() : 0;
    }
    for (AffinityTerm.Preferred wish : placed.affinity().preferred()) {
      sum += holds(wish.term(), pod, node, where) ? wish.weight() : 0;
    }
    for (AffinityTerm term : placed.affinity().required()) {
      sum += holds(term, pod, node, where) ? 1 : 0;
    }
    return sum;
  }

  private boolean holds(AffinityTerm term, Pod pod, Node a, Node b) {
    return world.selects(term.pods(), pod) && ReferenceFilters.sameDomain(term, a, b);
  }
}
