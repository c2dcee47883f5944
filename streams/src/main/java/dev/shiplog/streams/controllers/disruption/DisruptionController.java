package dev.shiplog.streams.controllers.disruption;

import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.POD_DISRUPTION_BUDGETS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICATION_CONTROLLERS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;
import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Says how many pods of a budget may be disrupted now. Whoever evicts takes from that number and
 * notes the pod; so this status has two writers, and each is refused if the other was faster.
 */
public final class DisruptionController implements Controller {

  /** A pod that was evicted and is still there after this time does not go. */
  private static final Duration EVICTION_TIME = Duration.ofMinutes(2);

  @Override
  public String name() {
    return "disruption-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(POD_DISRUPTION_BUDGETS),
        Source.mapped(PODS, DisruptionController::ofPod),
        ofScale(DEPLOYMENTS),
        ofScale(REPLICA_SETS),
        ofScale(STATEFUL_SETS),
        ofScale(REPLICATION_CONTROLLERS));
  }

  private static Collection<String> ofPod(ObjectChange<Pod> change, Views views) {
    return budgets(change, views).stream()
        .filter(
            budget -> change.states().anyMatch(Selectors.matching(budget.getSpec().getSelector())))
        .map(ObjectKeys::keyOf)
        .toList();
  }

  /** A budget in per cent depends on how many pods are wanted, which is part of the spec. */
  private static <T extends HasMetadata> Source<T> ofScale(ResourceType<T> type) {
    return Source.mapped(
        type,
        (change, views) ->
            sameSpec(change)
                ? List.of()
                : budgets(change, views).stream().map(ObjectKeys::keyOf).toList());
  }

  private static boolean sameSpec(ObjectChange<?> change) {
    return change.before() != null
        && change.after() != null
        && change
            .before()
            .getMetadata()
            .getGeneration()
            .equals(change.after().getMetadata().getGeneration());
  }

  private static Collection<PodDisruptionBudget> budgets(ObjectChange<?> change, Views views) {
    return views.of(POD_DISRUPTION_BUDGETS).inNamespace(ObjectKeys.namespaceOf(change.key()));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(POD_DISRUPTION_BUDGETS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(POD_DISRUPTION_BUDGETS)
        .get(key)
        .filter(budget -> budget.getMetadata().getDeletionTimestamp() == null)
        .map(budget -> reconcile(budget, views, now))
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation reconcile(PodDisruptionBudget budget, Views views, Instant now) {
    Reconciliation.Builder result = Reconciliation.builder();
    Collection<Pod> pods =
        views
            .of(PODS)
            .selected(budget.getMetadata().getNamespace(), budget.getSpec().getSelector())
            .stream()
            .filter(pod -> !PodStates.isFinished(pod))
            .toList();
    Map<String, String> disrupted = stillDisrupted(budget, pods, now, result);
    Expectation expected = Expectation.of(budget, pods, views);
    expected
        .failure()
        .ifPresent(failure ->
            result.event(
                EventRequest.warning(
                    POD_DISRUPTION_BUDGETS,
                    budget,
                    "CalculateExpectedPodCountFailed",
                    "Failed to calculate the number of expected pods: " + failure)));
    int healthy =
        (int)
            pods.stream()
                .filter(pod -> !PodStates.isTerminating(pod))
                .filter(pod -> !disrupted.containsKey(pod.getMetadata().getName()))
                .filter(PodStates::isReady)
                .count();
    PodDisruptionBudget reported = BudgetStatuses.report(budget, expected, healthy, disrupted, now);
    Commands.changeStatusAsSeen(POD_DISRUPTION_BUDGETS, budget, reported)
        .ifPresent(result::command);
    return result.build();
  }

  /** Those that were evicted, are not on their way out yet, and had not too much time for it. */
  private static Map<String, String> stillDisrupted(
      PodDisruptionBudget budget,
      Collection<Pod> pods,
      Instant now,
      Reconciliation.Builder result) {
    Map<String, String> noted =
        budget.getStatus() == null || budget.getStatus().getDisruptedPods() == null
            ? Map.of()
            : budget.getStatus().getDisruptedPods();
    Map<String, String> still = new TreeMap<>();
    noted.forEach((name, time) -> {
      Optional<Pod> pod =
          pods.stream().filter(one -> one.getMetadata().getName().equals(name)).findFirst();
      Instant end = Instant.parse(time).plus(EVICTION_TIME);
      if (pod.isPresent() && !PodStates.isTerminating(pod.get())) {
        if (end.isAfter(now)) {
          still.put(name, time);
          result.requeueAfter(Duration.between(now, end));
        } else {
          result.event(
              EventRequest.warning(
                  PODS,
                  pod.get(),
                  "NotDeleted",
                  "Pod was expected by PDB "
                      + ObjectKeys.keyOf(budget)
                      + " to be deleted but it wasn't"));
        }
      }
    });
    return still;
  }
}
