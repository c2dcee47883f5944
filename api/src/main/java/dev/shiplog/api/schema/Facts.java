package dev.shiplog.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Opens the files of facts that lie beside this class. */
public final class Facts {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Facts() {}

  /** The whole file as bytes; a missing one is a fault of the build. */
  public static byte[] bytes(String name) {
    try (InputStream in = Facts.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonNode read(String name) {
    return parse(bytes(name));
  }

  public static JsonNode parse(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
