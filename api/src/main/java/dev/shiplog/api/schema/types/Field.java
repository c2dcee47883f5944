package dev.shiplog.api.schema.types;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A field of a definition.
 *
 * @param index its place in the order of declaration, from 0
 * @param required whether an object without it is refused
 * @param pointer whether an explicit zero is kept apart from absence
 * @param emitAlways whether it is written even when it was not set
 * @param defaultValue declared default; null if none
 * @param patchStrategies of a strategic merge patch: {@code merge}, {@code retainKeys}
 * @param patchMergeKey the field that tells a merged list's items apart; empty if none
 * @param rules declarative validation, for example {@code immutable} or {@code maxItems=32}
 */
public record Field(
    String name,
    int index,
    ValueType type,
    boolean required,
    boolean pointer,
    boolean emitAlways,
    JsonNode defaultValue,
    List<String> patchStrategies,
    String patchMergeKey,
    List<String> rules) {

  public Field {
    patchStrategies = List.copyOf(patchStrategies);
    rules = List.copyOf(rules);
  }
}
