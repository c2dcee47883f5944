package dev.shiplog.api.schema.openapi;

/** The two versions of OpenAPI that Kubernetes publishes. */
enum Dialect {
  /** Swagger 2.0: one document, no defaults, one type per value. */
  V2("#/definitions/"),
  /** OpenAPI 3.0: a document per group and version. */
  V3("#/components/schemas/");

  private final String prefix;

  Dialect(String prefix) {
    this.prefix = prefix;
  }

  String reference(String definition) {
    return prefix + definition;
  }
}
