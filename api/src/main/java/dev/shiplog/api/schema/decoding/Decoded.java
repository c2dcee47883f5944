package dev.shiplog.api.schema.decoding;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A decoded object.
 *
 * @param object a tree of its own, in canonical form, {@code apiVersion} and {@code kind} set
 * @param warnings texts for {@code Warning} headers
 */
public record Decoded(ObjectNode object, List<String> warnings) {

  public Decoded {
    warnings = List.copyOf(warnings);
  }
}
