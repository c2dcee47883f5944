package dev.shiplog.api.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.status.StatusCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Fields that an applier wants to set otherwise than their owners did.
 *
 * @param paths by owner
 */
record Conflicts(Map<Manager, FieldSet> paths) {

  boolean isEmpty() {
    return paths.isEmpty();
  }

  /** The 409 that names each of them. */
  ApiFailure failure() {
    List<StatusCause> causes = new ArrayList<>();
    List<String> byOwner = new ArrayList<>();
    paths.forEach((owner, fields) -> {
      List<String> texts = new ArrayList<>();
      collect(fields.tree(), "", texts);
      String who = owner.described();
      texts.forEach(path ->
          causes.add(new StatusCause("FieldManagerConflict", "conflict with " + who, path)));
      byOwner.add(
          texts.stream()
              .map(path -> "- " + path)
              .collect(Collectors.joining("\n", "conflicts with " + who + ":\n", "")));
    });
    String what =
        causes.size() == 1
            ? causes.getFirst().message() + ": " + causes.getFirst().field()
            : String.join("\n", byOwner);
    String message =
        "Apply failed with %d conflict%s: %s"
            .formatted(causes.size(), causes.size() == 1 ? "" : "s", what);
    return new ApiFailure(Reason.CONFLICT, Reason.CONFLICT.code(), message, null, causes, 0);
  }

  private static void collect(JsonNode node, String path, List<String> into) {
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      if (child.getKey().equals(FieldSet.SELF)) {
        continue;
      }
      String below = path + text(child.getKey());
      if (FieldSet.isMember(child.getValue())) {
        into.add(below);
      }
      collect(child.getValue(), below, into);
    }
  }

  private static String text(String element) {
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'f' -> "." + rest;
      case 'k' ->
          FieldsV1.parsed(element).properties().stream()
              .map(key -> key.getKey() + "=" + key.getValue())
              .collect(Collectors.joining(",", "[", "]"));
      case 'v' -> "[=" + rest + "]";
      default -> "[" + rest + "]";
    };
  }
}
