package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What extends the API, and devices. */
final class ExtensionCells {

  private static final String ADMISSION = "admissionregistration.k8s.io";
  private static final String DEVICES = "resource.k8s.io";

  private ExtensionCells() {}

  static void register(RowTable rows) {
    for (String webhooks :
        List.of("mutatingwebhookconfigurations", "validatingwebhookconfigurations")) {
      rows.of(webhooks, ADMISSION, List.of(Cells.name(), Cells.size("webhooks"), Cells.age()));
    }
    rows.of("validatingadmissionpolicies", ADMISSION, policy("validations"));
    rows.of("mutatingadmissionpolicies", ADMISSION, policy("mutations"));
    for (String bindings :
        List.of("validatingadmissionpolicybindings", "mutatingadmissionpolicybindings")) {
      rows.of(
          bindings,
          ADMISSION,
          List.of(
              Cells.name(),
              Cells.field("spec", "policyName"),
              Cells.computed(ExtensionCells::parameters).about("spec", "paramRef"),
              Cells.age()));
    }
    rows.of(
        "customresourcedefinitions",
        "apiextensions.k8s.io",
        List.of(Cells.name(), Cells.created()));
    rows.of(
        "apiservices",
        "apiregistration.k8s.io",
        List.of(
            Cells.name(),
            Cells.computed(ExtensionCells::service).about("spec", "service"),
            Cells.computed(ExtensionCells::available).about("status", "conditions"),
            Cells.age()));
    devices(rows);
  }

  private static void devices(RowTable rows) {
    rows.of("deviceclasses", DEVICES, List.of(Cells.name(), Cells.age()));
    rows.of("resourceclaimtemplates", DEVICES, List.of(Cells.name(), Cells.age()));
    rows.of(
        "resourceclaims",
        DEVICES,
        List.of(Cells.name(), Cells.computed(ExtensionCells::claimState), Cells.age()));
    rows.of(
        "resourceslices",
        DEVICES,
        List.of(
            Cells.name(),
            Cells.field("spec", "nodeName"),
            Cells.field("spec", "driver"),
            Cells.field("spec", "pool", "name"),
            Cells.age()));
  }

  private static List<Cell> policy(String rules) {
    return List.of(
        Cells.name(),
        Cells.size("spec", rules),
        Cells.computed(ExtensionCells::parameterKind).about("spec", "paramKind"),
        Cells.age());
  }

  private static String parameterKind(ObjectNode policy) {
    JsonNode kind = at(policy, "spec", "paramKind");
    return kind.isMissingNode() ? Cells.UNSET : text(kind, "apiVersion") + "/" + text(kind, "kind");
  }

  private static String parameters(ObjectNode binding) {
    JsonNode reference = at(binding, "spec", "paramRef");
    if (reference.isMissingNode()) {
      return Cells.UNSET;
    }
    String namespace = text(reference, "namespace");
    return (namespace.isEmpty() ? "*" : namespace)
        + "/"
        + (empty(reference, "name") ? "*" : text(reference, "name"));
  }

  private static String service(ObjectNode apiService) {
    JsonNode service = at(apiService, "spec", "service");
    return service.isMissingNode()
        ? "Local"
        : text(service, "namespace") + "/" + text(service, "name");
  }

  private static String available(ObjectNode apiService) {
    for (ObjectNode condition : objects(apiService, "status", "conditions")) {
      if (text(condition, "type").equals("Available")) {
        String status = text(condition, "status");
        return status.equals("True") ? status : status + " (" + text(condition, "reason") + ")";
      }
    }
    return "Unknown";
  }

  private static String claimState(ObjectNode claim) {
    List<String> states = new ArrayList<>();
    if (!absent(claim, "metadata", "deletionTimestamp")) {
      states.add("deleted");
    }
    if (absent(claim, "status", "allocation")) {
      if (states.isEmpty()) {
        states.add("pending");
      }
      return String.join(",", states);
    }
    states.add("allocated");
    if (!empty(claim, "status", "reservedFor")) {
      states.add("reserved");
    }
    return String.join(",", states);
  }
}
