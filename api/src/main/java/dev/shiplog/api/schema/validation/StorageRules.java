package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Persistent volumes and claims. */
final class StorageRules {

  private static final FieldPath SPEC = FieldPath.of("spec");

  private static final String ONE_POD = "ReadWriteOncePod";

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
    table.kind(
        "core.v1.PersistentVolume",
        rules -> rules.always(StorageRules::volume).onUpdate(StorageRules::volumeStays));
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
    VolumeSourceRules.validate(spec, SPEC, causes);
    modes(spec, SPEC, causes);
    usable(spec, causes);
    SchedulingRules.nodeSelector(
        at(spec, "nodeAffinity", "required"), SPEC.child("nodeAffinity", "required"), causes);
  }

  private static void usable(ObjectNode spec, Causes causes) {
    JsonNode size = at(spec, "capacity", "storage");
    if (!size.isMissingNode() && Quantity.parse(size.asText()).amount().signum() <= 0) {
      causes.invalid(SPEC.child("capacity").key("storage"), size, "must be greater than zero");
    }
    if (!absent(spec, "local") && absent(spec, "nodeAffinity")) {
      causes.required(SPEC.child("nodeAffinity"), "Local volume requires node affinity");
    }
    if (text(spec, "hostPath", "path").equals("/")
        && text(spec, "persistentVolumeReclaimPolicy").equals("Recycle")) {
      causes.forbidden(
          SPEC.child("persistentVolumeReclaimPolicy"),
          "may not be 'recycle' for a hostPath mount of '/'");
    }
    if (spec.get("csi") instanceof ObjectNode csi) {
      new Checks(csi, SPEC.child("csi"), causes).required("volumeHandle");
    }
  }

  private static void modes(ObjectNode spec, FieldPath path, Causes causes) {
    List<String> modes = texts(spec, "accessModes");
    if (modes.size() > 1 && modes.contains(ONE_POD)) {
      causes.forbidden(
          path.child("accessModes"), "may not use ReadWriteOncePod with other access modes");
    }
  }

  /** What a volume holds and where it is does not change under those who use it. */
  private static void volumeStays(ObjectNode volume, ObjectNode old, Causes causes) {
    ObjectNode now = volume.path("spec").deepCopy();
    ObjectNode then = old.path("spec").deepCopy();
    now.remove(NO_SOURCE);
    then.remove(NO_SOURCE);
    if (!now.equals(then)) {
      causes.forbidden(
          SPEC.child("persistentvolumesource"),
          "spec.persistentvolumesource is immutable after creation");
    }
    if (!at(volume, "spec", "volumeMode").equals(at(old, "spec", "volumeMode"))) {
      causes.invalid(SPEC.child("volumeMode"), at(volume, "spec", "volumeMode"), Checks.IMMUTABLE);
    }
    if (!absent(old, "spec", "nodeAffinity")
        && !at(volume, "spec", "nodeAffinity").equals(at(old, "spec", "nodeAffinity"))) {
      causes.invalid(
          SPEC.child("nodeAffinity"), at(volume, "spec", "nodeAffinity"), Checks.IMMUTABLE);
    }
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
    modes(spec, path, causes);
    for (String source : List.of("dataSource", "dataSourceRef")) {
      source(spec, source, path.child(source), causes);
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

  private static void source(ObjectNode spec, String field, FieldPath path, Causes causes) {
    if (!(spec.get(field) instanceof ObjectNode source)) {
      return;
    }
    new Checks(source, path, causes).required("kind").required("name");
    if (empty(source, "apiGroup") && !text(source, "kind").equals("PersistentVolumeClaim")) {
      causes.invalid(
          path,
          text(source, "kind"),
          "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
    }
  }

  private static void claimStays(ObjectNode claim, ObjectNode old, Causes causes) {
    ObjectNode now = claim.path("spec").deepCopy();
    ObjectNode then = old.path("spec").deepCopy();
    JsonNode asked = at(now, "resources", "requests", "storage");
    JsonNode before = at(then, "resources", "requests", "storage");
    boolean bound = text(old, "status", "phase").equals("Bound");
    if (!asked.isMissingNode()
        && !before.isMissingNode()
        && Quantity.parse(asked.asText()).compareTo(Quantity.parse(before.asText())) < 0
        && bound
        && !exceeds(asked, at(old, "status", "capacity", "storage"))) {
      causes.forbidden(
          SPEC.child("resources", "requests", "storage"),
          "field can not be less than status.capacity");
    }
    for (ObjectNode spec : List.of(now, then)) {
      spec.remove("volumeAttributesClassName");
      if (bound) {
        spec.remove("resources");
      }
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

  /** A size that could not be provided may be taken back, but not below what is there. */
  private static boolean exceeds(JsonNode asked, JsonNode present) {
    return !present.isMissingNode()
        && Quantity.parse(asked.asText()).compareTo(Quantity.parse(present.asText())) > 0;
  }
}
