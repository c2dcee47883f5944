package dev.shiplog.api.http;

import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.schema.protobuf.ProtobufBody;
import dev.shiplog.api.table.IncludeObject;

/**
 * In which form and syntax a client wants an answer.
 *
 * @param version of the group meta.k8s.io that tables and partial metadata are of
 * @param include what a table's rows carry of their objects
 * @param discovery version of aggregated discovery that is wanted; empty for the plain one
 */
record Representation(
    Form form, Syntax syntax, String version, String discovery, IncludeObject include) {

  /** What is shown of objects. */
  enum Form {
    OBJECT,
    TABLE,
    PARTIAL_METADATA
  }

  static final Representation JSON = of(Form.OBJECT, Syntax.JSON, "v1");

  static Representation of(Form form, Syntax syntax, String version) {
    return new Representation(form, syntax, version, "", IncludeObject.METADATA);
  }

  static Representation ofDiscovery(Syntax syntax, String version) {
    return new Representation(Form.OBJECT, syntax, "v1", version, IncludeObject.METADATA);
  }

  Representation including(IncludeObject other) {
    return include == other ? this : new Representation(form, syntax, version, discovery, other);
  }

  Representation withoutDiscovery() {
    return discovery.isEmpty() ? this : of(form, syntax, version);
  }

  String contentType() {
    String media = mediaType(syntax);
    return discovery.isEmpty()
        ? media
        : media + ";g=apidiscovery.k8s.io;v=" + discovery + ";as=APIGroupDiscoveryList";
  }

  static String mediaType(Syntax syntax) {
    return switch (syntax) {
      case JSON -> "application/json";
      case YAML -> "application/yaml";
      case PROTOBUF -> ProtobufBody.MEDIA_TYPE;
    };
  }

  /** Whether stored bytes in the asked version are what the client wants. */
  boolean isPlainJson() {
    return form == Form.OBJECT && syntax == Syntax.JSON;
  }
}
