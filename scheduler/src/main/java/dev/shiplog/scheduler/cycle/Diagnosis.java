package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Why no node will do.
 *
 * @param rejectedBy the cluster filters that turned nodes down; shape filters need not be known by
 *     name, as whether they pass can be looked up
 * @param message what users are told, in Kubernetes' words
 */
public record Diagnosis(Set<String> rejectedBy, String message) {

  public Diagnosis {
    rejectedBy = Set.copyOf(rejectedBy);
  }

  /** Collects verdicts, one for each node. */
  static final class Builder {
    private final Map<String, Integer> reasons = new HashMap<>();
    private final Set<String> rejectedBy = new HashSet<>();
    private int nodes;

    void add(Verdict verdict) {
      nodes++;
      verdict.reasons().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
    }

    void addFromClusterFilter(String filter, Verdict verdict) {
      rejectedBy.add(filter);
      add(verdict);
    }

    Diagnosis build() {
      return new Diagnosis(rejectedBy, message());
    }

    /** Sorted as texts, counts included, so that equal situations give equal messages. */
    private String message() {
      if (nodes == 0) {
        return "no nodes available to schedule pods";
      }
      Set<String> counted = new TreeSet<>();
      reasons.forEach((reason, count) -> counted.add(count + " " + reason));
      return "0/" + nodes + " nodes are available: " + String.join(", ", counted) + ".";
    }
  }
}
