package dev.shiplog.api.schema.custom;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows the paths by which definitions name fields of their own schema. */
public final class SchemaPaths {

  private static final Pattern STEP = Pattern.compile("\\.([^.\\[\\]]+)|\\['([^']+)']");

  private SchemaPaths() {}

  /**
   * Where a path leads.
   *
   * @param schema null if it leads nowhere
   * @param problem why; empty if it leads somewhere
   */
  public record Found(CustomSchema schema, String problem) {}

  /**
   * Follows a path such as {@code .spec.color} or {@code .spec['a.b']}.
   *
   * @param brackets whether steps in brackets are allowed
   */
  public static Found follow(CustomSchema schema, String path, boolean brackets) {
    if (path.indexOf('[') >= 0 && !brackets) {
      return new Found(null, "array notation is not allowed");
    }
    CustomSchema at = schema;
    Matcher step = STEP.matcher(path);
    int from = 0;
    while (from < path.length()) {
      if (!step.region(from, path.length()).lookingAt()) {
        return new Found(null, "expected [ or . but got: " + path.substring(from));
      }
      at = at.child(step.group(1) == null ? step.group(2) : step.group(1));
      if (at == null) {
        return new Found(null, "does not refer to a valid field");
      }
      from = step.end();
    }
    return from == 0 ? new Found(null, "unexpected end of JSON path") : new Found(at, "");
  }
}
