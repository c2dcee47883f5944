package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Volumes, claims, and who provides them. */
final class StorageCells {

  private static final String GROUP = "storage.k8s.io";
  private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

  /** Long and short names, in the order in which they are listed. */
  private static final String[][] ACCESS_MODES = {
    {"ReadWriteOnce", "RWO"},
    {"ReadOnlyMany", "ROX"},
    {"ReadWriteMany", "RWX"},
    {"ReadWriteOncePod", "RWOP"}
  };

  private StorageCells() {}

  static void register(RowTable rows) {
    rows.core("persistentvolumeclaims", claim());
    rows.core("persistentvolumes", volume());
    rows.of("storageclasses", GROUP, storageClass());
    rows.of("csidrivers", GROUP, driver());
    rows.of("csinodes", GROUP, List.of(Cells.name(), Cells.size("spec", "drivers"), Cells.age()));
    rows.of(
        "csistoragecapacities",
        GROUP,
        List.of(Cells.name(), Cells.field("storageClassName"), Cells.field("capacity")));
    rows.of(
        "volumeattachments",
        GROUP,
        List.of(
            Cells.name(),
            Cells.field("spec", "attacher"),
            Cells.field("spec", "source", "persistentVolumeName"),
            Cells.field("spec", "nodeName"),
            Cells.flag("status", "attached"),
            Cells.age()));
    rows.of(
        "volumeattributesclasses",
        GROUP,
        List.of(Cells.name(), Cells.field("driverName"), Cells.age()));
  }

  private static List<Cell> claim() {
    return List.of(
        Cells.name(),
        Cells.computed(StorageCells::phase).about("status", "phase"),
        Cells.field("spec", "volumeName"),
        Cells.computed(o -> bound(o) ? text(o, "status", "capacity", "storage") : "")
            .about("status", "capacity"),
        Cells.computed(o -> bound(o) ? modes(at(o, "status", "accessModes")) : "")
            .about("status", "accessModes"),
        Cells.field("spec", "storageClassName"),
        Cells.fieldOr(Cells.UNSET, "spec", "volumeAttributesClassName"),
        Cells.age(),
        Cells.fieldOr(Cells.UNSET, "spec", "volumeMode"));
  }

  private static List<Cell> volume() {
    return List.of(
        Cells.name(),
        Cells.field("spec", "capacity", "storage"),
        Cells.computed(o -> modes(at(o, "spec", "accessModes"))).about("spec", "accessModes"),
        Cells.field("spec", "persistentVolumeReclaimPolicy"),
        Cells.computed(StorageCells::phase).about("status", "phase"),
        Cells.computed(StorageCells::claimOf).about("spec", "claimRef"),
        Cells.field("spec", "storageClassName"),
        Cells.fieldOr(Cells.UNSET, "spec", "volumeAttributesClassName"),
        Cells.field("status", "reason"),
        Cells.age(),
        Cells.fieldOr(Cells.UNSET, "spec", "volumeMode"));
  }

  private static List<Cell> storageClass() {
    return List.of(
        Cells.computed(StorageCells::className).about("metadata", "name"),
        Cells.field("provisioner"),
        Cells.fieldOr("Delete", "reclaimPolicy"),
        Cells.fieldOr("Immediate", "volumeBindingMode"),
        Cells.flag("allowVolumeExpansion"),
        Cells.age());
  }

  private static List<Cell> driver() {
    return List.of(
        Cells.name(),
        Cells.flag("spec", "attachRequired"),
        Cells.flag("spec", "podInfoOnMount"),
        Cells.flag("spec", "storageCapacity"),
        Cells.computed(StorageCells::tokenRequests).about("spec", "tokenRequests"),
        Cells.flag("spec", "requiresRepublish"),
        Cells.computed(o ->
                Cells.or(String.join(",", texts(o, "spec", "volumeLifecycleModes")), Cells.NONE))
            .about("spec", "volumeLifecycleModes"),
        Cells.age());
  }

  private static String phase(ObjectNode object) {
    return absent(object, "metadata", "deletionTimestamp")
        ? text(object, "status", "phase")
        : "Terminating";
  }

  private static boolean bound(ObjectNode claim) {
    return !text(claim, "spec", "volumeName").isEmpty();
  }

  private static String claimOf(ObjectNode volume) {
    JsonNode claim = at(volume, "spec", "claimRef");
    return claim.isMissingNode() ? "" : text(claim, "namespace") + "/" + text(claim, "name");
  }

  private static String className(ObjectNode object) {
    boolean isDefault = text(object, "metadata", "annotations", DEFAULT_CLASS).equals("true");
    return text(object, "metadata", "name") + (isDefault ? " (default)" : "");
  }

  private static String tokenRequests(ObjectNode driver) {
    List<String> audiences = new ArrayList<>();
    at(driver, "spec", "tokenRequests").forEach(t -> audiences.add(text(t, "audience")));
    return Cells.or(String.join(",", audiences), Cells.UNSET);
  }

  private static String modes(JsonNode modes) {
    List<String> present = texts(modes);
    List<String> shown = new ArrayList<>();
    for (String[] mode : ACCESS_MODES) {
      if (present.contains(mode[0])) {
        shown.add(mode[1]);
      }
    }
    return String.join(",", shown);
  }
}
