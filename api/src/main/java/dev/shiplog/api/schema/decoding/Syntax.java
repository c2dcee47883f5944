package dev.shiplog.api.schema.decoding;

/** How a body is written. */
public enum Syntax {
  JSON,
  YAML
}
