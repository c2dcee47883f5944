package dev.shiplog.api.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a page of a list ended: what a {@code continue} token says. Clients treat it as opaque.
 *
 * @param revision the revision that all pages show; negative to go on with the latest state, which
 *     gives an inconsistent list
 * @param afterKey key of the last object shown
 * @param shown how many objects the pages so far had
 */
public record Continuation(long revision, String afterKey, int shown) {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int LONGEST = 2048;

  /** The same place in the latest state. */
  public Continuation inconsistent() {
    return new Continuation(-1, afterKey, shown);
  }

  public String token() {
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(MAPPER.writeValueAsBytes(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and a text can be written", e);
    }
  }

  /**
   * Reads a token.
   *
   * @throws ApiFailure {@code BadRequest} if it is none of ours
   */
  public static Continuation parse(String token) {
    if (token.length() > LONGEST) {
      throw invalid();
    }
    try {
      JsonNode json =
          MAPPER.readTree(Base64.getUrlDecoder().decode(token.getBytes(StandardCharsets.UTF_8)));
      if (!json.path("revision").isIntegralNumber() || !json.path("afterKey").isTextual()) {
        throw invalid();
      }
      return new Continuation(
          json.get("revision").asLong(), json.get("afterKey").asText(), json.path("shown").asInt());
    } catch (IOException | IllegalArgumentException e) {
      throw invalid();
    }
  }

  private static ApiFailure invalid() {
    return Failures.badRequest("continue key is not valid: list again without it");
  }
}
