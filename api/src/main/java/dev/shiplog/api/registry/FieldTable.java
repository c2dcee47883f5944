package dev.shiplog.api.registry;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectIndexer;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which fields the selectors of a resource offer. Every resource offers its name and namespace;
 * those are part of the key and not looked up here.
 */
public final class FieldTable implements ObjectIndexer {

  /** What every resource offers. */
  public static final Set<String> COMMON = Set.of("metadata.name", "metadata.namespace");

  /**
   * One selectable field.
   *
   * @param path as selectors name it
   * @param places where its value is; the first that holds one counts
   * @param absent its value where none does
   */
  private record Field(String path, List<JsonPointer> places, String absent) {

    static Field of(String path) {
      return new Field(path, List.of(pointer(path)), "");
    }

    static Field orElse(String path, String absent) {
      return new Field(path, List.of(pointer(path)), absent);
    }

    private static JsonPointer pointer(String path) {
      return JsonPointer.compile("/" + path.replace('.', '/'));
    }

    String valueIn(ObjectNode object) {
      for (JsonPointer place : places) {
        JsonNode value = object.at(place);
        if (value.isValueNode() && !value.asText().isEmpty()) {
          return value.asText();
        }
      }
      return absent;
    }
  }

  private static final Map<String, List<Field>> FIELDS =
      Map.of(
          "pods",
              List.of(
                  Field.of("spec.nodeName"),
                  Field.of("spec.restartPolicy"),
                  Field.of("spec.schedulerName"),
                  Field.of("spec.serviceAccountName"),
                  Field.orElse("spec.hostNetwork", "false"),
                  Field.of("status.phase"),
                  Field.of("status.podIP"),
                  Field.of("status.nominatedNodeName")),
          "nodes", List.of(Field.orElse("spec.unschedulable", "false")),
          "namespaces", List.of(Field.of("status.phase")),
          "secrets", List.of(Field.of("type")),
          "services", List.of(Field.of("spec.clusterIP"), Field.of("spec.type")),
          "replicationcontrollers", List.of(Field.orElse("status.replicas", "0")),
          "replicasets.apps", List.of(Field.orElse("status.replicas", "0")),
          "certificatesigningrequests.certificates.k8s.io", List.of(Field.of("spec.signerName")),
          "resourceslices.resource.k8s.io",
              List.of(Field.of("spec.nodeName"), Field.of("spec.driver")),
          "events", eventFields());

  private static List<Field> eventFields() {
    return List.of(
        Field.of("involvedObject.kind"),
        Field.of("involvedObject.namespace"),
        Field.of("involvedObject.name"),
        Field.of("involvedObject.uid"),
        Field.of("involvedObject.apiVersion"),
        Field.of("involvedObject.resourceVersion"),
        Field.of("involvedObject.fieldPath"),
        Field.of("reason"),
        new Field(
            "source",
            List.of(
                JsonPointer.compile("/source/component"),
                JsonPointer.compile("/reportingComponent")),
            ""),
        Field.of("reportingComponent"),
        Field.of("type"));
  }

  @Override
  public Map<String, String> fields(StorageResource resource, ObjectNode object) {
    List<Field> fields = FIELDS.get(resource.qualifiedName());
    if (fields == null) {
      return Map.of();
    }
    Map<String, String> values = LinkedHashMap.newLinkedHashMap(fields.size());
    for (Field field : fields) {
      values.put(field.path(), field.valueIn(object));
    }
    return values;
  }

  /** The paths that selectors of a resource may name besides {@link #COMMON}. */
  public Set<String> offered(StorageResource resource) {
    Set<String> paths = new LinkedHashSet<>();
    FIELDS
        .getOrDefault(resource.qualifiedName(), List.of())
        .forEach(field -> paths.add(field.path()));
    return paths;
  }
}
