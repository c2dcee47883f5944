package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.validation.Selectors;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether disruption budgets allow to evict a pod, and what an eviction takes from them. The rules
 * are those of the eviction API: a pod that does not run yet or any more needs no budget, an
 * unhealthy one only if the budget says so.
 */
final class DisruptionBudgets {

  private static final ResourceType BUDGETS =
      ResourceCatalogue.builtIn().find("policy", "v1", "poddisruptionbudgets").orElseThrow();
  private static final Set<String> NOT_RUNNING = Set.of("Pending", "Succeeded", "Failed");
  private static final String REFUSED =
      "Cannot evict pod as it would violate the pod's disruption budget.";

  /** A budget whose controller does not see to it takes in no more names than these. */
  private static final int MOST_DISRUPTED = 2000;

  private static final int PROCESSED_SOON_SECONDS = 10;

  private final ObjectForms forms;
  private final Identities identities;

  DisruptionBudgets(ObjectForms forms, Identities identities) {
    this.forms = forms;
    this.identities = identities;
  }

  /**
   * What the eviction takes from the pod's budget; empty if it needs none.
   *
   * @throws ApiFailure {@code TooManyRequests} if the budget does not allow it now
   */
  Optional<ProposedChange> taken(Target pod, StoredObject stored, Snapshot state) {
    ObjectNode tree = stored.tree();
    if (Meta.isDeleting(tree) || NOT_RUNNING.contains(tree.at("/status/phase").asText(""))) {
      return Optional.empty();
    }
    List<StoredObject> budgets = budgetsOf(pod, stored, state);
    if (budgets.size() > 1) {
      throw Failures.failure(
          Reason.INTERNAL_ERROR,
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
              + " support.",
          null);
    }
    return budgets.isEmpty() ? Optional.empty() : taken(pod, tree, budgets.getFirst());
  }

  private static List<StoredObject> budgetsOf(Target pod, StoredObject stored, Snapshot state) {
    List<StoredObject> found = new ArrayList<>();
    Iterator<StoredObject> all = state.list(BUDGETS.storage().orElseThrow(), pod.namespace(), "");
    while (all.hasNext()) {
      StoredObject budget = all.next();
      JsonNode selector = budget.tree().at("/spec/selector");
      if (selector.isObject() && Selectors.matches(selector, stored.labels())) {
        found.add(budget);
      }
    }
    return found;
  }

  private Optional<ProposedChange> taken(Target pod, ObjectNode tree, StoredObject stored) {
    ObjectNode budget = stored.tree();
    if (!isReady(tree) && mayGoUnready(budget)) {
      return Optional.empty();
    }
    requireAllowed(pod, budget);
    ObjectNode status = budget.withObject("/status");
    status.put("disruptionsAllowed", status.path("disruptionsAllowed").asInt() - 1);
    status.withObject("/disruptedPods").put(pod.name(), identities.now());
    forms.canonicalize(BUDGETS, budget);
    return Optional.of(new ProposedChange.Update(stored.key(), stored.revision(), budget));
  }

  private static boolean isReady(ObjectNode pod) {
    for (JsonNode condition : pod.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private static boolean mayGoUnready(ObjectNode budget) {
    if (budget.at("/spec/unhealthyPodEvictionPolicy").asText("").equals("AlwaysAllow")) {
      return true;
    }
    int desired = budget.at("/status/desiredHealthy").asInt();
    return desired > 0 && budget.at("/status/currentHealthy").asInt() >= desired;
  }

  private static void requireAllowed(Target pod, ObjectNode budget) {
    JsonNode status = budget.path("status");
    String name = Meta.name(budget);
    if (status.path("observedGeneration").asLong() < Meta.generation(budget)) {
      throw refused(
          "The disruption budget %s is still being processed by the server.".formatted(name),
          PROCESSED_SOON_SECONDS);
    }
    if (status.path("disruptionsAllowed").asInt() < 0) {
      throw pod.forbidden("pdb disruptions allowed is negative");
    }
    if (status.path("disruptedPods").size() > MOST_DISRUPTED) {
      throw pod.forbidden(
          "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    }
    if (status.path("disruptionsAllowed").asInt() == 0) {
      throw refused(
          "The disruption budget %s needs %d healthy pods and has %d currently"
              .formatted(
                  name,
                  status.path("desiredHealthy").asInt(),
                  status.path("currentHealthy").asInt()),
          0);
    }
  }

  private static ApiFailure refused(String why, int retryAfterSeconds) {
    return new ApiFailure(
        Reason.TOO_MANY_REQUESTS,
        Reason.TOO_MANY_REQUESTS.code(),
        REFUSED,
        null,
        List.of(new StatusCause("DisruptionBudget", why, "")),
        retryAfterSeconds);
  }
}
