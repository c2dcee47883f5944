package dev.shiplog.streams.controllers.disruption;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a budget says about its pods. */
final class BudgetStatuses {

  private static final String TYPE = "DisruptionAllowed";

  private BudgetStatuses() {}

  static PodDisruptionBudget report(
      PodDisruptionBudget budget,
      Expectation expected,
      int healthy,
      Map<String, String> disrupted,
      Instant now) {
    int spare = healthy - expected.healthy();
    boolean known = expected.failure().isEmpty();
    int allowed = known && expected.pods() > 0 ? Math.max(0, spare) : 0;
    return new PodDisruptionBudgetBuilder(budget)
        .withNewStatus()
        .withObservedGeneration(budget.getMetadata().getGeneration())
        .withExpectedPods(expected.pods())
        .withDesiredHealthy(expected.healthy())
        .withCurrentHealthy(healthy)
        .withDisruptionsAllowed(allowed)
        .withDisruptedPods(disrupted.isEmpty() ? null : disrupted)
        .withConditions(List.of(condition(budget, expected, allowed, now)))
        .endStatus()
        .build();
  }

  private static Condition condition(
      PodDisruptionBudget budget, Expectation expected, int allowed, Instant now) {
    String status = allowed > 0 ? "True" : "False";
    Optional<Condition> before =
        (budget.getStatus() == null ? List.<Condition>of() : budget.getStatus().getConditions())
            .stream()
                .filter(condition -> condition.getType().equals(TYPE))
                .filter(condition -> condition.getStatus().equals(status))
                .findFirst();
    String reason = allowed > 0 ? "SufficientPods" : "InsufficientPods";
    return new ConditionBuilder()
        .withType(TYPE)
        .withStatus(status)
        .withReason(expected.failure().isPresent() ? "SyncFailed" : reason)
        .withMessage(expected.failure().orElse(""))
        .withObservedGeneration(budget.getMetadata().getGeneration())
        .withLastTransitionTime(
            before
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString()))
        .build();
  }
}
