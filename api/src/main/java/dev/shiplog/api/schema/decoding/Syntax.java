package dev.shiplog.api.schema.decoding;

/** How a body or an answer is written. Bodies in protobuf are turned into JSON first. */
public enum Syntax {
  JSON,
  YAML,
  PROTOBUF
}
