package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.plan.PodPriority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How long pods have to end when their node shuts down, by their priority: those of the first group
 * end first, and the next group's only after them.
 *
 * @param groups ascending by priority; empty for a node whose pods are left alone
 */
public record ShutdownPeriods(List<Group> groups) {

  /** Pods are left as they are. */
  public static final ShutdownPeriods NONE = new ShutdownPeriods(List.of());

  /**
   * Pods that end together.
   *
   * @param priority the least of them
   * @param period how long all of them have
   */
  public record Group(int priority, Duration period) {}

  public ShutdownPeriods {
    groups = groups.stream().sorted(Comparator.comparingInt(Group::priority)).toList();
  }

  /**
   * Two groups: critical pods end last.
   *
   * @param total for all of it; zero leaves pods alone
   * @param critical how much of that is the critical pods'
   * @throws IllegalArgumentException if that is more than all
   */
  public static ShutdownPeriods of(Duration total, Duration critical) {
    if (critical.compareTo(total) > 0 || total.isNegative() || critical.isNegative()) {
      throw new IllegalArgumentException(
          "critical pods cannot have %d s of %d s"
              .formatted(critical.toSeconds(), total.toSeconds()));
    }
    return total.isZero()
        ? NONE
        : new ShutdownPeriods(
            List.of(
                new Group(0, total.minus(critical)), new Group(PodPriority.CRITICAL, critical)));
  }

  /**
   * Groups as {@code PRIORITY=SECONDS,…}.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static ShutdownPeriods parse(String text) {
    List<Group> groups = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String[] sides = part.strip().split("=", -1);
      try {
        int priority = Integer.parseInt(sides[0]);
        int seconds = Integer.parseInt(sides.length == 2 ? sides[1] : "");
        if (seconds < 0 || groups.stream().anyMatch(each -> each.priority() == priority)) {
          throw new IllegalArgumentException("a priority has one period: " + text);
        }
        groups.add(new Group(priority, Duration.ofSeconds(seconds)));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("not PRIORITY=SECONDS,…: " + text, e);
      }
    }
    return new ShutdownPeriods(groups);
  }

  /** All groups' time together. */
  public Duration total() {
    return groups.stream().map(Group::period).reduce(Duration.ZERO, Duration::plus);
  }

  public boolean isNone() {
    return groups.isEmpty();
  }

  /** The group of a pod; one below all of them ends with the first. */
  Group of(int priority) {
    return groups.stream()
        .filter(group -> group.priority() <= priority)
        .reduce((_, last) -> last)
        .orElseGet(groups::getFirst);
  }
}
