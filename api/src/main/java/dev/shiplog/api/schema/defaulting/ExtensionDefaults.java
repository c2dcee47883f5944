package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** What extends the API or the cluster: webhooks, policies, custom resources, storage classes. */
final class ExtensionDefaults {

  private static final String CRD = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
  private static final String API_SERVICE =
      "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference";
  private static final int HTTPS = 443;

  private ExtensionDefaults() {}

  static void register(DefaultRules rules) {
    admission(rules);
    rules.named(CRD + "CustomResourceDefinitionSpec").emptyObject("conversion");
    rules.named(CRD + "CustomResourceConversion").value("strategy", "None");
    rules.named(CRD + "CustomResourceDefinitionNames").rule(ExtensionDefaults::names);
    rules.named(CRD + "ServiceReference").value("port", HTTPS);
    rules.named(API_SERVICE).value("port", HTTPS);
    rules
        .type("storage.v1.StorageClass")
        .value("reclaimPolicy", "Delete")
        .value("volumeBindingMode", "Immediate");
    rules
        .type("storage.v1.CSIDriverSpec")
        .value("attachRequired", true)
        .value("podInfoOnMount", false)
        .value("storageCapacity", false)
        .value("fsGroupPolicy", "ReadWriteOnceWithFSType")
        .value("requiresRepublish", false)
        .value("seLinuxMount", false)
        .rule(ExtensionDefaults::lifecycleModes);
    rules.type("scheduling.v1.PriorityClass").value("preemptionPolicy", "PreemptLowerPriority");
  }

  private static void admission(DefaultRules rules) {
    for (String webhook : List.of("MutatingWebhook", "ValidatingWebhook")) {
      rules
          .type("admissionregistration.v1." + webhook)
          .value("failurePolicy", "Fail")
          .value("matchPolicy", "Equivalent")
          .emptyObject("namespaceSelector")
          .emptyObject("objectSelector")
          .value("timeoutSeconds", 10);
    }
    rules.type("admissionregistration.v1.MutatingWebhook").value("reinvocationPolicy", "Never");
    rules.type("admissionregistration.v1.RuleWithOperations").value("scope", "*");
    rules.type("admissionregistration.v1.NamedRuleWithOperations").value("scope", "*");
    rules.type("admissionregistration.v1.ServiceReference").value("port", HTTPS);
    rules
        .type("admissionregistration.v1.MatchResources")
        .value("matchPolicy", "Equivalent")
        .emptyObject("namespaceSelector")
        .emptyObject("objectSelector");
    for (String policy : List.of("ValidatingAdmissionPolicySpec", "MutatingAdmissionPolicySpec")) {
      rules.type("admissionregistration.v1." + policy).value("failurePolicy", "Fail");
    }
  }

  private static void names(ObjectNode names) {
    String kind = text(names, "kind");
    if (!kind.isEmpty()) {
      if (empty(names, "singular")) {
        names.put("singular", kind.toLowerCase(Locale.ROOT));
      }
      if (empty(names, "listKind")) {
        names.put("listKind", kind + "List");
      }
    }
  }

  private static void lifecycleModes(ObjectNode spec) {
    if (empty(spec, "volumeLifecycleModes")) {
      spec.putArray("volumeLifecycleModes").add("Persistent");
    }
  }
}
