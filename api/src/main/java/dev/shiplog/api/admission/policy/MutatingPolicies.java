package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.expressions.Expression.EvaluationException;
import dev.shiplog.api.admission.matching.Replacement;
import dev.shiplog.api.admission.matching.Shown;
import dev.shiplog.api.admission.policy.Policies.Binding;
import dev.shiplog.api.patch.Patch;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Lets MutatingAdmissionPolicies change objects, as far as they are bound. */
public final class MutatingPolicies implements AdmissionPlugin {

  private final Policies policies =
      Policies.of("mutatingadmissionpolicies", "mutatingadmissionpolicybindings");
  private final Supplier<ResourceCatalogue> catalogue;
  private final Authorizer authorizer;

  public MutatingPolicies(Supplier<ResourceCatalogue> catalogue, Authorizer authorizer) {
    this.catalogue = catalogue;
    this.authorizer = authorizer;
  }

  @Override
  public String name() {
    return "MutatingAdmissionPolicy";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.object() != null && policies.any(request);
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    for (Policy policy : policies.policies().in(request.state()).values()) {
      List<Binding> bindings =
          policies.bindings().in(request.state()).getOrDefault(policy.name(), List.of());
      Optional<ResourceType> type =
          bindings.isEmpty() ? Optional.empty() : policy.matching().match(request, catalogue.get());
      if (type.isPresent()) {
        bindings.forEach(binding -> mutate(request, policy, binding, type.get()));
      }
    }
    return Admission.DONE;
  }

  private void mutate(AdmissionRequest request, Policy policy, Binding binding, ResourceType type) {
    String id = "policy " + policy.name() + "/" + binding.name();
    boolean done = request.course().isSecond() && (!policy.again() || request.course().hasSeen(id));
    if (done || binding.matching().match(request, catalogue.get()).isEmpty()) {
      return;
    }
    try {
      boolean changed = false;
      for (ObjectNode parameter : Parameters.of(policy, binding, request, catalogue.get())) {
        changed |= mutate(request, policy, type, parameter);
      }
      request.course().passed(id, changed);
    } catch (EvaluationException | Parameters.UnusableException | ApiFailure e) {
      if (!policy.ignoresFailure()) {
        throw request
            .target()
            .forbidden(
                "policy '%s' with binding '%s' denied request: %s"
                    .formatted(policy.name(), binding.name(), e.getMessage()));
      }
    }
  }

  private boolean mutate(
      AdmissionRequest request, Policy policy, ResourceType type, ObjectNode parameter) {
    boolean changed = false;
    for (Policy.Mutation mutation : policy.mutations()) {
      var variables = Evaluation.of(request, type, authorizer, policy, parameter);
      if (!policy.conditions().hold(variables)) {
        return changed;
      }
      JsonNode made = MadeValues.json(mutation.expression().value(variables));
      ObjectNode shown = Shown.object(request, type);
      changed |= Replacement.of(request, type, applied(mutation, made, shown, type));
    }
    return changed;
  }

  private static ObjectNode applied(
      Policy.Mutation mutation, JsonNode made, ObjectNode shown, ResourceType type) {
    byte[] patch = Json.bytes(made);
    if (mutation.jsonPatch()) {
      return Patch.parse(PatchType.JSON, patch).applyTo(shown, null);
    }
    return type.custom().isPresent()
        ? Patch.parse(PatchType.MERGE, patch).applyTo(shown, null)
        : Patch.parse(PatchType.STRATEGIC_MERGE, patch)
            .applyTo(shown, TypeCatalogue.builtIn().get(type.typeName()));
  }
}
