package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.policy.Policies.Binding;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Evaluates ValidatingAdmissionPolicies, as far as they are bound. */
public final class ValidatingPolicies implements AdmissionPlugin {

  private final Policies policies =
      Policies.of("validatingadmissionpolicies", "validatingadmissionpolicybindings");
  private final Supplier<ResourceCatalogue> catalogue;
  private final Authorizer authorizer;

  public ValidatingPolicies(Supplier<ResourceCatalogue> catalogue, Authorizer authorizer) {
    this.catalogue = catalogue;
    this.authorizer = authorizer;
  }

  @Override
  public String name() {
    return "ValidatingAdmissionPolicy";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return policies.any(request);
  }

  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    PolicyFindings findings = new PolicyFindings(request);
    for (Policy policy : policies.policies().in(request.state()).values()) {
      List<Binding> bindings =
          policies.bindings().in(request.state()).getOrDefault(policy.name(), List.of());
      Optional<ResourceType> type =
          bindings.isEmpty() ? Optional.empty() : policy.matching().match(request, catalogue.get());
      type.ifPresent(shown -> validate(request, policy, bindings, shown, findings));
    }
    findings.settle();
    return Admission.DONE;
  }

  private void validate(
      AdmissionRequest request,
      Policy policy,
      List<Binding> bindings,
      ResourceType type,
      PolicyFindings findings) {
    for (Binding binding : bindings) {
      if (binding.matching().match(request, catalogue.get()).isEmpty()) {
        continue;
      }
      try {
        for (ObjectNode parameter : Parameters.of(policy, binding, request, catalogue.get())) {
          new PolicyRun(policy, binding, findings)
              .validate(Evaluation.of(request, type, authorizer, policy, parameter));
        }
      } catch (Parameters.UnusableException e) {
        if (!policy.ignoresFailure()) {
          findings.failed(policy, binding, "failed to configure binding: " + e.getMessage(), "");
        }
      }
    }
  }
}
