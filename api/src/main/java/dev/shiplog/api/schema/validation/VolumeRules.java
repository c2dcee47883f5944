package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Volumes of a pod and where containers mount them. */
final class VolumeRules {

  private static final int LAST_MODE = 0777;
  private static final int SHORTEST_TOKEN_SECONDS = 600;
  private static final List<String> PROJECTIONS =
      List.of(
          "secret",
          "configMap",
          "downwardAPI",
          "serviceAccountToken",
          "clusterTrustBundle",
          "podCertificate");
  private static final Set<String> FILE_FIELDS =
      Set.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid");

  private VolumeRules() {}

  static void validate(ObjectNode spec, FieldPath path, Causes causes) {
    FieldPath volumes = path.child("volumes");
    Checks.unique(at(spec, "volumes"), volumes, "name", causes);
    int i = 0;
    for (ObjectNode volume : objects(spec, "volumes")) {
      FieldPath item = volumes.index(i++);
      new Checks(volume, item, causes).required("name").name("name", Names::label);
      List<String> sources = new ArrayList<>();
      volume.fieldNames().forEachRemaining(sources::add);
      sources.remove("name");
      if (sources.isEmpty()) {
        causes.required(item, "must specify a volume type");
      }
      sources.stream()
          .skip(1)
          .forEach(extra ->
              causes.forbidden(item.child(extra), "may not specify more than 1 volume type"));
      source(volume, item, causes);
    }
  }

  static void mounts(ObjectNode spec, ObjectNode container, FieldPath path, Causes causes) {
    Set<String> volumes = new HashSet<>();
    objects(spec, "volumes").forEach(v -> volumes.add(text(v, "name")));
    Set<String> paths = new HashSet<>();
    int i = 0;
    for (ObjectNode mount : objects(container, "volumeMounts")) {
      FieldPath item = path.child("volumeMounts").index(i++);
      mount(mount, item, volumes, causes);
      if (!paths.add(text(mount, "mountPath"))) {
        causes.invalid(item.child("mountPath"), at(mount, "mountPath"), "must be unique");
      }
      boolean privileged = at(container, "securityContext", "privileged").booleanValue();
      if (text(mount, "mountPropagation").equals("Bidirectional") && !privileged) {
        causes.forbidden(
            item.child("mountPropagation"),
            "Bidirectional mount propagation is available only to privileged containers");
      }
    }
    i = 0;
    for (ObjectNode device : objects(container, "volumeDevices")) {
      FieldPath item = path.child("volumeDevices").index(i++);
      refersTo(volumes, device, item, causes);
      new Checks(device, item, causes).required("devicePath");
    }
  }

  private static void mount(ObjectNode mount, FieldPath path, Set<String> volumes, Causes causes) {
    refersTo(volumes, mount, path, causes);
    new Checks(mount, path, causes).required("mountPath");
    inside(mount, "subPath", path, causes);
    inside(mount, "subPathExpr", path, causes);
    boolean recursive = List.of("Enabled", "IfPossible").contains(text(mount, "recursiveReadOnly"));
    if (recursive && !at(mount, "readOnly").booleanValue()) {
      causes.forbidden(
          path.child("recursiveReadOnly"), "may only be specified when readOnly is true");
    }
    if (!empty(mount, "subPath") && !empty(mount, "subPathExpr")) {
      causes.invalid(
          path.child("subPathExpr"),
          at(mount, "subPathExpr"),
          "subPathExpr and subPath are mutually exclusive");
    }
  }

  private static void refersTo(
      Set<String> volumes, ObjectNode mount, FieldPath path, Causes causes) {
    String name = text(mount, "name");
    if (name.isEmpty()) {
      causes.required(path.child("name"));
    } else if (!volumes.contains(name)) {
      causes.notFound(path.child("name"), name);
    }
  }

  private static void source(ObjectNode volume, FieldPath path, Causes causes) {
    if (volume.get("secret") instanceof ObjectNode secret) {
      new Checks(secret, path.child("secret"), causes).required("secretName");
      files(secret, path.child("secret"), causes);
    }
    if (volume.get("configMap") instanceof ObjectNode map) {
      new Checks(map, path.child("configMap"), causes).required("name");
      files(map, path.child("configMap"), causes);
    }
    if (volume.get("downwardAPI") instanceof ObjectNode downward) {
      downward(downward, path.child("downwardAPI"), causes);
    }
    if (volume.get("projected") instanceof ObjectNode projected) {
      projected(projected, path.child("projected"), causes);
    }
    VolumeSourceRules.validate(volume, path, causes);
    if (volume.get("persistentVolumeClaim") instanceof ObjectNode claim) {
      new Checks(claim, path.child("persistentVolumeClaim"), causes).required("claimName");
    }
    JsonNode limit = at(volume, "emptyDir", "sizeLimit");
    if (!limit.isMissingNode() && Quantity.parse(limit.asText()).amount().signum() < 0) {
      causes.forbidden(
          path.child("emptyDir", "sizeLimit"), "SizeLimit field must be a valid resource quantity");
    }
    if (volume.get("ephemeral") instanceof ObjectNode ephemeral) {
      StorageRules.claimSpec(
          at(ephemeral, "volumeClaimTemplate", "spec"),
          path.child("ephemeral", "volumeClaimTemplate", "spec"),
          causes);
    }
  }

  /** Which keys become which files, with which permissions. */
  private static void files(ObjectNode source, FieldPath path, Causes causes) {
    mode(source, "defaultMode", path, causes);
    int i = 0;
    for (ObjectNode item : objects(source, "items")) {
      FieldPath field = path.child("items").index(i++);
      new Checks(item, field, causes).required("key").required("path");
      inside(item, "path", field, causes);
      mode(item, "mode", field, causes);
    }
  }

  private static void downward(ObjectNode source, FieldPath path, Causes causes) {
    mode(source, "defaultMode", path, causes);
    int i = 0;
    for (ObjectNode item : objects(source, "items")) {
      FieldPath field = path.child("items").index(i++);
      new Checks(item, field, causes).required("path");
      inside(item, "path", field, causes);
      mode(item, "mode", field, causes);
      if (absent(item, "fieldRef") == absent(item, "resourceFieldRef")) {
        causes.required(field, "one of fieldRef and resourceFieldRef is required");
      }
      EnvironmentRules.fieldRef(item, field.child("fieldRef"), FILE_FIELDS, causes);
      EnvironmentRules.resourceFieldRef(item, field.child("resourceFieldRef"), causes);
    }
  }

  private static void projected(ObjectNode projected, FieldPath path, Causes causes) {
    mode(projected, "defaultMode", path, causes);
    int i = 0;
    for (ObjectNode source : objects(projected, "sources")) {
      FieldPath item = path.child("sources").index(i++);
      Checks.exactlyOne(source, item, PROJECTIONS, "volume type", causes);
      for (String named : List.of("secret", "configMap")) {
        if (source.get(named) instanceof ObjectNode keys) {
          new Checks(keys, item.child(named), causes).required("name");
          files(keys, item.child(named), causes);
        }
      }
      if (source.get("downwardAPI") instanceof ObjectNode downward) {
        downward(downward, item.child("downwardAPI"), causes);
      }
      if (source.get("serviceAccountToken") instanceof ObjectNode token) {
        FieldPath field = item.child("serviceAccountToken");
        new Checks(token, field, causes)
            .required("path")
            .range(
                "expirationSeconds",
                SHORTEST_TOKEN_SECONDS,
                Long.MAX_VALUE,
                "may not specify a duration less than 10 minutes");
        inside(token, "path", field, causes);
      }
    }
  }

  private static void mode(ObjectNode source, String field, FieldPath path, Causes causes) {
    new Checks(source, path, causes)
        .range(field, 0, LAST_MODE, "must be a number between 0 and 0777 (octal), both inclusive");
  }

  /** A path that stays inside the volume. */
  private static void inside(ObjectNode object, String field, FieldPath path, Causes causes) {
    if (text(object, field).startsWith("/")) {
      causes.invalid(path.child(field), at(object, field), "must be a relative path");
    }
    VolumeSourceRules.noBacksteps(object, field, path, causes);
  }
}
