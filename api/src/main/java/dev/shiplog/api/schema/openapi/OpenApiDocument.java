package dev.shiplog.api.schema.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A document as it is served.
 *
 * @param bytes JSON or a message; shared, not to be changed
 * @param hash of the bytes, for {@code ETag} and for URLs that may be cached for ever
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; it only carries the two together
public record OpenApiDocument(byte[] bytes, String hash) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Media type of the Swagger document as a message. */
  public static final String SWAGGER_MESSAGE = SwaggerMessage.MEDIA_TYPE;

  /** The document that a tree is. */
  public static OpenApiDocument of(ObjectNode json) {
    try {
      return of(MAPPER.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode tree(OpenApiDocument document) {
    try {
      return MAPPER.readTree(document.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OpenApiDocument of(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new OpenApiDocument(bytes, HexFormat.of().withUpperCase().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
