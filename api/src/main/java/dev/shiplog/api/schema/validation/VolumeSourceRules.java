package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Where the bytes of a volume are: the sources that pods and persistent volumes share. */
final class VolumeSourceRules {

  private static final int LAST_LUN = 255;
  private static final int LONGEST_DRIVER_NAME = 63;

  private VolumeSourceRules() {}

  /** The sources among the fields of a pod's volume or a persistent volume's spec. */
  static void validate(ObjectNode holder, FieldPath path, Causes causes) {
    if (holder.get("nfs") instanceof ObjectNode nfs) {
      FieldPath field = path.child("nfs");
      new Checks(nfs, field, causes).required("server").required("path");
      if (!empty(nfs, "path") && !text(nfs, "path").startsWith("/")) {
        causes.invalid(field.child("path"), at(nfs, "path"), "must be an absolute path");
      }
    }
    if (holder.get("iscsi") instanceof ObjectNode iscsi) {
      new Checks(iscsi, path.child("iscsi"), causes)
          .required("targetPortal")
          .required("iqn")
          .range("lun", 0, LAST_LUN);
    }
    if (holder.get("csi") instanceof ObjectNode csi) {
      driverName(csi, "driver", path.child("csi"), causes);
    }
    for (String kept : List.of("hostPath", "local")) {
      if (holder.get(kept) instanceof ObjectNode directory) {
        new Checks(directory, path.child(kept), causes).required("path");
        noBacksteps(directory, "path", path.child(kept), causes);
      }
    }
    if (holder.get("image") instanceof ObjectNode image) {
      new Checks(image, path.child("image"), causes).required("reference");
    }
  }

  /** The name under which a CSI driver registers itself. */
  static void driverName(ObjectNode holder, String field, FieldPath path, Causes causes) {
    String name = text(holder, field);
    FieldPath place = path.child(field);
    if (name.isEmpty()) {
      causes.required(place);
    } else {
      driverName(name).forEach(problem -> causes.invalid(place, name, problem));
    }
  }

  static List<String> driverName(String name) {
    return name.length() > LONGEST_DRIVER_NAME
        ? List.of("must be no more than " + LONGEST_DRIVER_NAME + " characters")
        : Names.subdomain(name.toLowerCase(Locale.ROOT));
  }

  static void noBacksteps(ObjectNode object, String field, FieldPath path, Causes causes) {
    JsonNode value = at(object, field);
    if (List.of(value.asText("").split("/", -1)).contains("..")) {
      causes.invalid(path.child(field), value, "must not contain '..'");
    }
  }
}
