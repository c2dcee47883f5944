package dev.shiplog.api.schema.decoding;

/** What a client wants to happen to fields that are unknown or given twice. */
public enum FieldValidation {
  /** Dropped in silence. */
  IGNORE,
  /** Dropped, with a warning each. */
  WARN,
  /** Refused. */
  STRICT
}
