package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.child;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Kinds of the core group other than pods and services. */
final class CoreDefaults {

  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  private CoreDefaults() {}

  static void register(DefaultRules rules) {
    rules.type("core.v1.Namespace").rule(CoreDefaults::nameLabel);
    rules.type("core.v1.NamespaceStatus").value("phase", "Active");
    rules.type("core.v1.Secret").rule(CoreDefaults::plainTextToData).value("type", "Opaque");
    rules.type("core.v1.NodeStatus").rule(CoreDefaults::allocatable);
    rules.type("core.v1.LimitRangeItem").rule(CoreDefaults::containerLimits);
    rules.type("core.v1.EndpointPort").value("protocol", "TCP");
    rules.type("core.v1.ReplicationController").rule(CoreDefaults::labelsAndSelector);
    rules.type("core.v1.PersistentVolumeStatus").value("phase", "Pending");
    rules.type("core.v1.PersistentVolumeClaimStatus").value("phase", "Pending");
    rules
        .type("core.v1.PersistentVolumeSpec")
        .value("persistentVolumeReclaimPolicy", "Retain")
        .value("volumeMode", "Filesystem");
    rules.type("core.v1.PersistentVolumeClaimSpec").value("volumeMode", "Filesystem");
  }

  /** Network policies select namespaces by it, so it always tells the truth. */
  private static void nameLabel(ObjectNode namespace) {
    String name = text(namespace, "metadata", "name");
    if (!name.isEmpty()) {
      child(child(namespace, "metadata"), "labels").put(NAME_LABEL, name);
    }
  }

  /** {@code stringData} is only a convenience for writing; it is never kept. */
  private static void plainTextToData(ObjectNode secret) {
    JsonNode plain = at(secret, "stringData");
    if (!plain.isEmpty()) {
      ObjectNode data = child(secret, "data");
      plain.properties().forEach(e -> data.put(e.getKey(), Base64Texts.of(e.getValue())));
    }
    secret.remove("stringData");
  }

  private static void allocatable(ObjectNode status) {
    if (absent(status, "allocatable") && !empty(status, "capacity")) {
      status.set("allocatable", status.get("capacity").deepCopy());
    }
  }

  private static void containerLimits(ObjectNode item) {
    if (!text(item, "type").equals("Container")) {
      return;
    }
    copyMissing(item, "max", "default");
    copyMissing(item, "default", "defaultRequest");
    copyMissing(item, "min", "defaultRequest");
  }

  private static void copyMissing(ObjectNode item, String from, String to) {
    JsonNode source = at(item, from);
    if (!source.isEmpty()) {
      ObjectNode target = child(item, to);
      source.properties().forEach(e -> Defaults.setIfAbsent(target, e.getKey(), e.getValue()));
    }
  }

  private static void labelsAndSelector(ObjectNode controller) {
    JsonNode labels = at(controller, "spec", "template", "metadata", "labels");
    if (labels.isEmpty()) {
      return;
    }
    if (empty(controller, "spec", "selector")) {
      child(controller, "spec").set("selector", labels.deepCopy());
    }
    if (empty(controller, "metadata", "labels")) {
      child(controller, "metadata").set("labels", labels.deepCopy());
    }
  }
}
