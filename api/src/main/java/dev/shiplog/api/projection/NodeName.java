package dev.shiplog.api.projection;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Finds {@code spec.nodeName} in a pod without building a tree. */
final class NodeName {

  private NodeName() {}

  /** The node a stored pod is bound to; empty if it is not bound. */
  static String of(byte[] pod) {
    try (JsonParser parser = Json.MAPPER.getFactory().createParser(pod)) {
      boolean found =
          enter(parser, "spec")
              && enter(parser, "nodeName")
              && parser.currentToken() == JsonToken.VALUE_STRING;
      return found ? parser.getText() : "";
    } catch (IOException e) {
      throw new UncheckedIOException("a stored pod is not JSON", e);
    }
  }

  /** Moves from an object's start to the value of its field; false if it has none. */
  private static boolean enter(JsonParser parser, String field) throws IOException {
    if (parser.currentToken() == null) {
      parser.nextToken();
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return false;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = parser.currentName().equals(field);
      parser.nextToken();
      if (found) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }
}
