package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.Listed;
import dev.shiplog.api.admission.policy.Policies.Binding;
import dev.shiplog.api.conversion.Conversion;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.selector.LabelSelector;
import dev.shiplog.api.selector.StructuredSelectors;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.List;

/** Finds the objects that a binding gives its policy as parameters. */
final class Parameters {

  private Parameters() {}

  /** What keeps a policy from being evaluated. */
  static final class UnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The parameters, each of which the policy is evaluated with.
   *
   * @return one null if the policy has none; empty if none was found and that allows the request
   * @throws UnusableException if none was found and that is a failure
   */
  static List<ObjectNode> of(
      Policy policy, Binding binding, AdmissionRequest request, ResourceCatalogue catalogue) {
    List<ObjectNode> none = new ArrayList<>();
    if (!policy.hasParameters() || binding.parameters() == null) {
      none.add(null);
      return none;
    }
    ResourceType type =
        catalogue
            .findByKind(policy.paramApiVersion(), policy.paramKind())
            .orElseThrow(() ->
                new UnusableException(
                    "failed to find resource referenced by paramKind: '%s, Kind=%s'"
                        .formatted(policy.paramApiVersion(), policy.paramKind())));
    List<ObjectNode> found = find(type, binding.parameters(), request);
    if (found.isEmpty()
        && !Trees.text(binding.parameters(), "parameterNotFoundAction").equals("Allow")) {
      throw new UnusableException(
          "no params found for policy binding with `Deny` parameterNotFoundAction");
    }
    return found;
  }

  private static List<ObjectNode> find(
      ResourceType type, ObjectNode ref, AdmissionRequest request) {
    StorageResource storage = type.storage().orElse(null);
    if (storage == null) {
      return List.of();
    }
    String namespace = namespace(type, ref, request);
    String name = Trees.text(ref, "name");
    if (!name.isEmpty()) {
      return request
          .state()
          .get(new ObjectKey(storage, namespace, name))
          .map(object -> List.of(Conversion.toServed(type, object.tree())))
          .orElse(List.of());
    }
    LabelSelector selector = StructuredSelectors.read(ref.path("selector"));
    return Listed.in(request.state(), storage, namespace)
        .filter(object -> selector.matches(object.labels()))
        .map(object -> Conversion.toServed(type, object.tree()))
        .toList();
  }

  private static String namespace(ResourceType type, ObjectNode ref, AdmissionRequest request) {
    if (!type.namespaced()) {
      return "";
    }
    String named = Trees.text(ref, "namespace");
    String own = request.target().type().namespaced() ? request.target().namespace() : "";
    if (named.isEmpty() && own.isEmpty()) {
      throw new UnusableException(
          "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
    }
    return named.isEmpty() ? own : named;
  }
}
