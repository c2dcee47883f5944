package dev.shiplog.api.schema.decoding;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a reading found: the first value of a wrong type, which no client can ask to overlook, and
 * the unknown and repeated fields, which it can. One thread.
 */
final class Problems {

  /** More are counted as one: a body of nothing but unknown fields must not fill the answer. */
  private static final int STRICT_LIMIT = 100;

  private String wrongType;
  private final Set<String> strict = new LinkedHashSet<>();

  void wrongType(String message) {
    if (wrongType == null) {
      wrongType = message;
    }
  }

  void unknownField(String path) {
    strict("unknown field \"" + path + "\"");
  }

  void duplicateField(String path) {
    strict("duplicate field \"" + path + "\"");
  }

  /** Null if every value has its type. */
  String wrongType() {
    return wrongType;
  }

  List<String> strict() {
    return new ArrayList<>(strict);
  }

  private void strict(String message) {
    if (strict.size() < STRICT_LIMIT) {
      strict.add(message);
    }
  }
}
