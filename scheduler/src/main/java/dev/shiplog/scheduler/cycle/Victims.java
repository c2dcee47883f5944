package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Pod;
import java.util.Comparator;
import java.util.List;

/**
 * The pods that would have to leave a node.
 *
 * @param pods the most important first; at least one
 * @param violations how many of them a PodDisruptionBudget protects
 */
record Victims(String node, List<Pod> pods, int violations) {

  /** Higher priority first, then those that run for longer. */
  static final Comparator<Pod> MOST_IMPORTANT_FIRST =
      Comparator.comparingInt(Pod::priority)
          .reversed()
          .thenComparing(pod -> pod.preemption().startTime(), Victims::startedEarlier)
          .thenComparing(Pod::key);

  /** The least harm first, by the rules of Kubernetes. */
  static final Comparator<Victims> LEAST_HARM_FIRST =
      Comparator.comparingInt(Victims::violations)
          .thenComparingInt(victims -> victims.pods().getFirst().priority())
          .thenComparingLong(Victims::sumOfPriorities)
          .thenComparingInt(victims -> victims.pods().size())
          .thenComparing(Victims::startOfMostImportant, Victims::startedLater);

  /** Shifted so that more victims never sum up to less. */
  private long sumOfPriorities() {
    long sum = 0;
    for (Pod pod : pods) {
      sum += pod.priority() + (long) Integer.MAX_VALUE + 1;
    }
    return sum;
  }

  /** When the first of those started that have the highest priority. */
  private String startOfMostImportant() {
    return pods.getFirst().preemption().startTime();
  }

  /** Who has not started yet counts as starting now. */
  private static int startedEarlier(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(a.isEmpty(), b.isEmpty());
    }
    return a.compareTo(b);
  }

  private static int startedLater(String a, String b) {
    return startedEarlier(b, a);
  }
}
