package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.shiplog.scheduler.model.Budgets.Budget;
import dev.shiplog.scheduler.model.SelectorReader;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/** A PodDisruptionBudget of the view. */
@JsonDeserialize(using = BudgetObject.Reader.class)
final class BudgetObject extends ReadObject {

  private static final long serialVersionUID = 1L;

  private final Budget budget;

  private BudgetObject(ObjectMeta metadata, Budget budget, String problem) {
    super(metadata, problem);
    this.budget = budget;
  }

  /** Null if it has a problem. */
  Budget budget() {
    return budget;
  }

  /** See {@link ReadObject.Reader}. */
  static final class Reader extends ReadObject.Reader<BudgetObject> {
    @Override
    BudgetObject readable(ObjectMeta metadata, JsonNode json) {
      JsonNode status = json.path("status");
      Budget budget =
          new Budget(
              SelectorReader.labelSelector(json.path("spec").path("selector")),
              status.path("disruptionsAllowed").asInt(),
              SelectorReader.labels(status.path("disruptedPods")).keySet());
      return new BudgetObject(metadata, budget, null);
    }

    @Override
    BudgetObject unreadable(ObjectMeta metadata, String problem) {
      return new BudgetObject(metadata, null, problem);
    }
  }
}
