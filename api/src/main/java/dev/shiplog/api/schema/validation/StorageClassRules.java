package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The storage.k8s.io group: how volumes are made, attached and found. */
final class StorageClassRules {

  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath PARAMETERS = FieldPath.of("parameters");
  private static final int MOST_PARAMETERS = 512;
  private static final int LARGEST_PARAMETERS = 256 * 1024;
  private static final int LONGEST_NODE_ID = 192;
  private static final long SHORTEST_TOKEN = 600;
  private static final long LONGEST_TOKEN = 1L << 32;

  private static final List<String> GROUP_POLICIES =
      List.of("File", "None", "ReadWriteOnceWithFSType");
  private static final List<String> CLASS_POLICIES = List.of("Delete", "Retain");
  private static final List<String> LIFECYCLES = List.of("Ephemeral", "Persistent");

  private StorageClassRules() {}

  static void register(KindTable table) {
    table.kind("storage.v1.StorageClass", rules -> rules.always(StorageClassRules::storageClass));
    table.kind(
        "storage.v1.VolumeAttributesClass",
        rules ->
            rules
                .always(StorageClassRules::attributesClass)
                .onUpdate(StorageClassRules::attributesStay));
    table.kind("storage.v1.VolumeAttachment", rules -> rules.always(StorageClassRules::attachment));
    table.kind(
        "storage.v1.CSIDriver",
        rules ->
            rules
                .named(VolumeSourceRules::driverName)
                .always(StorageClassRules::driver)
                .onUpdate(StorageClassRules::driverStays));
    table.kind(
        "storage.v1.CSINode",
        rules -> rules.always(StorageClassRules::node).onUpdate(StorageClassRules::driversStay));
    table.kind(
        "storage.v1.CSIStorageCapacity",
        rules -> rules.always(StorageClassRules::capacity).onUpdate(StorageClassRules::placeStays));
  }

  private static void storageClass(ObjectNode object, Causes causes) {
    String provisioner = text(object, "provisioner");
    if (!provisioner.isEmpty()) {
      Checks.name(
          FieldPath.of("provisioner"),
          provisioner.toLowerCase(Locale.ROOT),
          Names::qualified,
          causes);
    }
    String policy = text(object, "reclaimPolicy");
    if (policy.equals("Recycle")) {
      // A volume may ask for it, but none that is made by a class.
      causes.notSupported(FieldPath.of("reclaimPolicy"), policy, CLASS_POLICIES);
    }
    parameters(object, causes);
    int i = 0;
    for (ObjectNode term : objects(object, "allowedTopologies")) {
      FieldPath path = FieldPath.of("allowedTopologies").index(i++).child("matchLabelExpressions");
      int j = 0;
      Set<String> keys = new HashSet<>();
      for (ObjectNode requirement : objects(term, "matchLabelExpressions")) {
        FieldPath item = path.index(j++);
        new Checks(requirement, item, causes).name("key", Names::qualified).required("values");
        if (!keys.add(text(requirement, "key"))) {
          causes.duplicate(item.child("key"), text(requirement, "key"));
        }
      }
    }
  }

  private static void parameters(ObjectNode object, Causes causes) {
    int size = 0;
    for (Map.Entry<String, JsonNode> parameter : at(object, "parameters").properties()) {
      if (parameter.getKey().isEmpty()) {
        causes.invalid(PARAMETERS, "", "field can not be empty.");
      }
      size += parameter.getKey().length() + parameter.getValue().asText().length();
    }
    if (size > LARGEST_PARAMETERS) {
      causes.tooLong(PARAMETERS, LARGEST_PARAMETERS);
    }
    if (at(object, "parameters").size() > MOST_PARAMETERS) {
      causes.tooLong(PARAMETERS, MOST_PARAMETERS);
    }
  }

  private static void attributesClass(ObjectNode object, Causes causes) {
    VolumeSourceRules.driverName(object, "driverName", FieldPath.ROOT, causes);
    if (empty(object, "parameters")) {
      causes.required(PARAMETERS, "must contain at least one key/value pair");
    }
    parameters(object, causes);
  }

  private static void attributesStay(ObjectNode object, ObjectNode old, Causes causes) {
    for (String field : List.of("driverName", "parameters")) {
      if (!at(object, field).equals(at(old, field))) {
        causes.forbidden(FieldPath.of(field), "updates to " + field + " are forbidden.");
      }
    }
  }

  private static void attachment(ObjectNode object, Causes causes) {
    if (!(object.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    FieldPath source = SPEC.child("source");
    boolean named = !absent(spec, "source", "persistentVolumeName");
    boolean inline = !absent(spec, "source", "inlineVolumeSpec");
    if (!named && !inline) {
      causes.required(
          source, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
    } else if (named && inline) {
      causes.forbidden(
          source, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
    } else if (named && empty(spec, "source", "persistentVolumeName")) {
      causes.required(
          source.child("persistentVolumeName"), "must specify non empty persistentVolumeName");
    }
  }

  private static void driver(ObjectNode object, Causes causes) {
    if (!(object.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    new Checks(spec, SPEC, causes)
        .required("attachRequired")
        .oneOf("fsGroupPolicy", GROUP_POLICIES)
        .positive("nodeAllocatableUpdatePeriodSeconds");
    for (String mode : texts(spec, "volumeLifecycleModes")) {
      if (!LIFECYCLES.contains(mode)) {
        causes.notSupported(SPEC.child("volumeLifecycleModes"), mode, LIFECYCLES);
      }
    }
    FieldPath tokens = SPEC.child("tokenRequests");
    Set<String> audiences = new HashSet<>();
    int i = 0;
    for (ObjectNode token : objects(spec, "tokenRequests")) {
      FieldPath item = tokens.index(i++);
      if (!audiences.add(text(token, "audience"))) {
        causes.duplicate(item.child("audience"), text(token, "audience"));
      }
      new Checks(token, item, causes)
          .range(
              "expirationSeconds",
              SHORTEST_TOKEN,
              LONGEST_TOKEN,
              "may not specify a duration less than 10 minutes or larger than 2^32 seconds");
    }
  }

  private static void driverStays(ObjectNode object, ObjectNode old, Causes causes) {
    for (String field : List.of("attachRequired", "volumeLifecycleModes")) {
      if (!at(object, "spec", field).equals(at(old, "spec", field))) {
        causes.invalid(SPEC.child(field), at(object, "spec", field), Checks.IMMUTABLE);
      }
    }
  }

  private static void node(ObjectNode object, Causes causes) {
    FieldPath path = SPEC.child("drivers");
    Checks.unique(at(object, "spec", "drivers"), path, "name", causes);
    int i = 0;
    for (ObjectNode driver : objects(object, "spec", "drivers")) {
      FieldPath item = path.index(i++);
      VolumeSourceRules.driverName(driver, "name", item, causes);
      new Checks(driver, item, causes).required("nodeID");
      if (text(driver, "nodeID").length() > LONGEST_NODE_ID) {
        causes.tooLong(item.child("nodeID"), LONGEST_NODE_ID);
      }
      Set<String> keys = new HashSet<>();
      for (String key : texts(driver, "topologyKeys")) {
        Checks.name(item.child("topologyKeys"), key, Names::qualified, causes);
        if (!keys.add(key)) {
          causes.duplicate(item.child("topologyKeys"), key);
        }
      }
      if (driver.get("allocatable") instanceof ObjectNode allocatable) {
        new Checks(allocatable, item.child("allocatable"), causes).nonNegative("count");
      }
    }
  }

  /** A driver registers anew to change; how many volumes it can take may change meanwhile. */
  private static void driversStay(ObjectNode object, ObjectNode old, Causes causes) {
    List<ObjectNode> before = objects(old, "spec", "drivers");
    int i = 0;
    for (ObjectNode driver : objects(object, "spec", "drivers")) {
      FieldPath item = SPEC.child("drivers").index(i++);
      before.stream()
          .filter(b -> text(b, "name").equals(text(driver, "name")))
          .filter(b ->
              !b.deepCopy().without("allocatable").equals(driver.deepCopy().without("allocatable")))
          .forEach(b -> causes.invalid(item, driver, Checks.IMMUTABLE));
    }
  }

  private static void capacity(ObjectNode object, Causes causes) {
    new Checks(object, FieldPath.ROOT, causes).name("storageClassName", Names::subdomain);
    for (String field : List.of("capacity", "maximumVolumeSize")) {
      JsonNode amount = at(object, field);
      if (!amount.isMissingNode() && Quantity.parse(amount.asText()).amount().signum() < 0) {
        causes.invalid(FieldPath.of(field), amount, "must be greater than or equal to 0");
      }
    }
    Selectors.validate(at(object, "nodeTopology"), FieldPath.of("nodeTopology"), causes);
  }

  private static void placeStays(ObjectNode object, ObjectNode old, Causes causes) {
    Checks.immutable(object, old, FieldPath.ROOT, "nodeTopology", causes);
    Checks.immutable(object, old, FieldPath.ROOT, "storageClassName", causes);
  }
}
