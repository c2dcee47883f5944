package dev.shiplog.api.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Whose certificates a server may have.
 *
 * @param authorities in PEM; empty for those that the system trusts
 * @param anybody whether its certificate is not looked at
 */
public record Trust(String authorities, boolean anybody) {

  /**
   * As a {@code caBundle} says it.
   *
   * @param bundle base64 of PEM, as the field holds it; what is none trusts nobody
   */
  public static Trust of(JsonNode bundle) {
    String text = bundle.asText("");
    try {
      return new Trust(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8), false);
    } catch (IllegalArgumentException noBase64) {
      return new Trust(text, false);
    }
  }

  /** Takes any certificate: {@code insecureSkipTLSVerify}. */
  public static Trust anything() {
    return new Trust("", true);
  }
}
