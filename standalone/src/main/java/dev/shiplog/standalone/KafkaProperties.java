package dev.shiplog.standalone;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Kafka client properties in a file, as Kafka's own tools read them: for TLS and SASL above all.
 */
public final class KafkaProperties {

  private KafkaProperties() {}

  /**
   * Reads them.
   *
   * @throws StartFailure if the file cannot be read
   */
  public static Map<String, String> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      Properties properties = new Properties();
      properties.load(reader);
      Map<String, String> result = new LinkedHashMap<>();
      properties
          .stringPropertyNames()
          .forEach(name -> result.put(name, properties.getProperty(name)));
      return result;
    } catch (IOException | IllegalArgumentException e) {
      throw new StartFailure("cannot read the Kafka properties " + file + ": " + e.getMessage());
    }
  }
}
