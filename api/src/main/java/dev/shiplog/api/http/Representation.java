package dev.shiplog.api.http;

import dev.shiplog.api.schema.decoding.Syntax;

/**
 * In which form and syntax a client wants an answer.
 *
 * @param version of the group meta.k8s.io that tables and partial metadata are of
 * @param discovery version of aggregated discovery that is wanted; empty for the plain one
 */
record Representation(Form form, Syntax syntax, String version, String discovery) {

  /** What is shown of objects. */
  enum Form {
    OBJECT,
    TABLE,
    PARTIAL_METADATA
  }

  static final Representation JSON = new Representation(Form.OBJECT, Syntax.JSON, "v1", "");

  Representation withoutDiscovery() {
    return discovery.isEmpty() ? this : new Representation(form, syntax, version, "");
  }

  String contentType() {
    String media = syntax == Syntax.JSON ? "application/json" : "application/yaml";
    return discovery.isEmpty()
        ? media
        : media + ";g=apidiscovery.k8s.io;v=" + discovery + ";as=APIGroupDiscoveryList";
  }

  /** Whether stored bytes in the asked version are what the client wants. */
  boolean isPlainJson() {
    return form == Form.OBJECT && syntax == Syntax.JSON;
  }
}
