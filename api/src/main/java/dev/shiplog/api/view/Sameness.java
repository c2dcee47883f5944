package dev.shiplog.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Set;

/**
 * Whether an update says anything new. Its revision, the order of its fields and the times in its
 * managedFields are not news.
 */
public final class Sameness {

  private static final String MANAGED_FIELDS = "managedFields";
  private static final Set<String> METADATA = Set.of("metadata");
  private static final Set<String> COMPARED_APART = Set.of("resourceVersion", MANAGED_FIELDS);
  private static final Set<String> TIME = Set.of("time");

  private Sameness() {}

  /**
   * Compares a proposed object with the stored one.
   *
   * @param template the proposed object, encoded
   * @param object the proposed object
   */
  public static boolean saysTheSame(
      ObjectTemplate template, ObjectNode object, EncodedObject stored) {
    ObjectTemplate storedTemplate = stored.template();
    if (template.sameBytes(storedTemplate)) {
      return true;
    }
    // What may differ takes equally many bytes, so that most updates need not be compared further.
    return template.sizeWithoutRevision() == storedTemplate.sizeWithoutRevision()
        && saysTheSame(object, stored.tree());
  }

  private static boolean saysTheSame(ObjectNode one, ObjectNode other) {
    JsonNode metadata = one.path("metadata");
    JsonNode otherMetadata = other.path("metadata");
    return equalBut(METADATA, one, other)
        && equalBut(COMPARED_APART, metadata, otherMetadata)
        && sameManagers(metadata.path(MANAGED_FIELDS), otherMetadata.path(MANAGED_FIELDS));
  }

  private static boolean sameManagers(JsonNode managers, JsonNode others) {
    if (managers.size() != others.size()) {
      return false;
    }
    Iterator<JsonNode> other = others.iterator();
    for (JsonNode manager : managers) {
      if (!equalBut(TIME, manager, other.next())) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalBut(Set<String> ignored, JsonNode one, JsonNode other) {
    return hasAllOf(one, other, ignored) && hasAllOf(other, one, ignored);
  }

  private static boolean hasAllOf(JsonNode one, JsonNode other, Set<String> ignored) {
    return one.properties().stream()
        .allMatch(field ->
            ignored.contains(field.getKey()) || field.getValue().equals(other.get(field.getKey())));
  }
}
