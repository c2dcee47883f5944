package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Persistent volumes and claims. */
final class StorageRules {

  private static final FieldPath SPEC = FieldPath.of("spec");

  /** Fields of a volume that say how, not where, it is kept. */
  private static final Set<String> NO_SOURCE =
      Set.of(
          "capacity",
          "accessModes",
          "claimRef",
          "persistentVolumeReclaimPolicy",
          "storageClassName",
          "mountOptions",
          "volumeMode",
          "nodeAffinity",
          "volumeAttributesClassName");

  private StorageRules() {}

  static void register(KindTable table) {
    table.kind("core.v1.PersistentVolume", rules -> rules.always(StorageRules::volume));
    table.kind(
        "core.v1.PersistentVolumeClaim",
        rules ->
            rules
                .always((o, c) -> claimSpec(at(o, "spec"), SPEC, c))
                .onUpdate(StorageRules::claimStays));
  }

  private static void volume(ObjectNode volume, Causes causes) {
    if (!(volume.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    new Checks(spec, SPEC, causes)
        .required("accessModes")
        .required("capacity")
        .quantities("capacity")
        .name("storageClassName", Names::subdomain);
    if (!empty(spec, "capacity") && absent(spec, "capacity", "storage")) {
      causes.notSupported(
          SPEC.child("capacity"), at(spec, "capacity").toString(), List.of("storage"));
    }
    List<String> sources = new ArrayList<>();
    spec.fieldNames().forEachRemaining(sources::add);
    sources.removeAll(NO_SOURCE);
    if (sources.isEmpty()) {
      causes.required(SPEC, "must specify a volume type");
    }
    sources.stream()
        .skip(1)
        .forEach(s -> causes.forbidden(SPEC.child(s), "may not specify more than 1 volume type"));
    SchedulingRules.nodeSelector(
        at(spec, "nodeAffinity", "required"), SPEC.child("nodeAffinity", "required"), causes);
  }

  /** What a claim asks for, wherever it is written. */
  static void claimSpec(JsonNode node, FieldPath path, Causes causes) {
    if (!(node instanceof ObjectNode spec)) {
      causes.required(path);
      return;
    }
    if (empty(spec, "accessModes")) {
      causes.required(path.child("accessModes"), "at least 1 access mode is required");
    }
    FieldPath storage = path.child("resources").key("storage");
    JsonNode asked = at(spec, "resources", "requests", "storage");
    if (asked.isMissingNode()) {
      causes.required(storage);
    } else if (Quantity.parse(asked.asText()).amount().signum() <= 0) {
      causes.invalid(storage, asked, "must be greater than zero");
    }
    new Checks(spec, path, causes).name("storageClassName", Names::subdomain);
    Selectors.validate(at(spec, "selector"), path.child("selector"), causes);
  }

  private static void claimStays(ObjectNode claim, ObjectNode old, Causes causes) {
    ObjectNode now = claim.path("spec").deepCopy();
    ObjectNode then = old.path("spec").deepCopy();
    JsonNode asked = at(now, "resources", "requests", "storage");
    JsonNode before = at(then, "resources", "requests", "storage");
    if (text(old, "status", "phase").equals("Bound")
        && !asked.isMissingNode()
        && !before.isMissingNode()
        && Quantity.parse(asked.asText()).compareTo(Quantity.parse(before.asText())) < 0) {
      causes.forbidden(
          SPEC.child("resources", "requests", "storage"),
          "field can not be less than status.capacity");
    }
    for (ObjectNode spec : List.of(now, then)) {
      spec.remove(List.of("resources", "volumeAttributesClassName"));
    }
    // Binding, by the one who provides the volume, is a change of the claim.
    if (absent(then, "volumeName")) {
      now.remove("volumeName");
    }
    if (absent(then, "storageClassName")) {
      now.remove("storageClassName");
    }
    if (!now.equals(then)) {
      causes.forbidden(
          SPEC,
          "spec is immutable after creation except resources.requests and"
              + " volumeAttributesClassName for bound claims");
    }
  }
}
