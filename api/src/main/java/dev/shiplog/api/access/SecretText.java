package dev.shiplog.api.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Fields of a Secret's data that hold text. */
public final class SecretText {

  private SecretText() {}

  /** One of them; empty if it is missing or not in base64. */
  public static String of(JsonNode secret, String field) {
    try {
      byte[] value = Base64.getDecoder().decode(secret.path("data").path(field).asText(""));
      return new String(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException unreadable) {
      return "";
    }
  }
}
