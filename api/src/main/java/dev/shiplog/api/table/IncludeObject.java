package dev.shiplog.api.table;

import java.util.Optional;

/** What of an object goes with its row. */
public enum IncludeObject {
  NONE("None"),
  METADATA("Metadata"),
  OBJECT("Object");

  private final String text;

  IncludeObject(String text) {
    this.text = text;
  }

  /** The value of the query parameter {@code includeObject}; Metadata where it is not given. */
  public static Optional<IncludeObject> parse(String text) {
    if (text.isEmpty()) {
      return Optional.of(METADATA);
    }
    for (IncludeObject value : values()) {
      if (value.text.equals(text)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
