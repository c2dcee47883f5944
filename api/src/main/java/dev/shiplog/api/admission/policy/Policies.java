package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.matching.ByRevision;
import dev.shiplog.api.admission.matching.Matching;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The policies of one kind and their bindings. Any thread.
 *
 * @param policies by name, in order
 * @param bindings by the name of their policy
 */
record Policies(
    ByRevision<Map<String, Policy>> policies, ByRevision<Map<String, List<Binding>>> bindings) {

  private static final String GROUP = "admissionregistration.k8s.io";

  /**
   * A binding, read.
   *
   * @param matching what it narrows the policy to
   * @param parameters {@code paramRef}
   */
  record Binding(String name, Matching matching, ObjectNode parameters, List<String> actions) {}

  static Policies of(String policies, String bindings) {
    return new Policies(
        new ByRevision<>(StorageResource.of(policies, GROUP), Policies::read),
        new ByRevision<>(StorageResource.of(bindings, GROUP), Policies::readBindings));
  }

  private static Map<String, Policy> read(List<StoredObject> objects) {
    Map<String, Policy> policies = new LinkedHashMap<>();
    objects.forEach(
        object -> policies.put(object.key().name(), Policy.of(object.key().name(), object.tree())));
    return policies;
  }

  private static Map<String, List<Binding>> readBindings(List<StoredObject> objects) {
    Map<String, List<Binding>> bindings = new LinkedHashMap<>();
    for (StoredObject object : objects) {
      ObjectNode spec = Trees.child(object.tree(), "spec");
      bindings
          .computeIfAbsent(Trees.text(spec, "policyName"), name -> new ArrayList<>())
          .add(
              new Binding(
                  object.key().name(),
                  Matching.ofBinding(spec.path("matchResources")),
                  spec.get("paramRef") instanceof ObjectNode ref ? ref : null,
                  Trees.texts(spec, "validationActions")));
    }
    return bindings;
  }

  /** Whether there may be anything to do: a policy without a binding does nothing. */
  boolean any(AdmissionRequest request) {
    return !bindings.in(request.state()).isEmpty() && !policies.in(request.state()).isEmpty();
  }
}
