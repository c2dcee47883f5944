package dev.shiplog.scheduler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Selects by labels; without requirements it selects everything. */
public record LabelSelector(List<Requirement> requirements) {

  public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  public static final LabelSelector NOTHING =
      new LabelSelector(List.of(new Requirement("", Requirement.Operator.IN, List.of())));

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /** Selects what has all those labels. */
  public static LabelSelector of(Map<String, String> labels) {
    return new LabelSelector(
        labels.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(label -> Requirement.equal(label.getKey(), label.getValue()))
            .toList());
  }

  public boolean matches(Map<String, String> labels) {
    return Requirement.allMatch(requirements, labels);
  }

  public boolean isEverything() {
    return requirements.isEmpty();
  }

  /** Selects what both select. */
  public LabelSelector and(LabelSelector other) {
    List<Requirement> both = new ArrayList<>(requirements);
    other.requirements.stream().filter(r -> !requirements.contains(r)).forEach(both::add);
    return new LabelSelector(both);
  }
}
