package dev.shiplog.standalone.apart;

import dev.shiplog.standalone.StartFailure;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The file named by {@code --config}, for Quarkus as for those who read settings without it. The
 * environment outranks it: SmallRye's own way to name a file (smallrye.config.locations) gives the
 * file the rank of where it was named, which would be the other way round.
 */
public final class GivenFile implements ConfigSource {

  /** Above what is built in (250), below the environment (300). */
  private static final int RANK = 260;

  /** Quarkus makes this class itself; what it is to read is handed over here. */
  private static final AtomicReference<Map<String, String>> SETTINGS =
      new AtomicReference<>(Map.of());

  /**
   * Has all that read settings from now on read this file as well.
   *
   * @throws StartFailure if it cannot be read
   */
  public static void read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new StartFailure("cannot read --config: " + StartFailure.describe(e));
    } catch (IllegalArgumentException e) {
      throw new StartFailure("--config " + file + " is no properties file: " + e.getMessage());
    }
    Map<String, String> read = new HashMap<>();
    properties.stringPropertyNames().forEach(name -> read.put(name, properties.getProperty(name)));
    SETTINGS.set(Map.copyOf(read));
  }

  @Override
  public Set<String> getPropertyNames() {
    return SETTINGS.get().keySet();
  }

  @Override
  public String getValue(String name) {
    return SETTINGS.get().get(name);
  }

  @Override
  public String getName() {
    return "the file given with --config";
  }

  @Override
  public int getOrdinal() {
    return RANK;
  }
}
