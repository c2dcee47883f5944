package dev.shiplog.api.schema.defaulting;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text as the base64 in which bytes are kept. */
final class Base64Texts {

  private Base64Texts() {}

  static String of(JsonNode text) {
    return Base64.getEncoder().encodeToString(text.asText().getBytes(StandardCharsets.UTF_8));
  }
}
