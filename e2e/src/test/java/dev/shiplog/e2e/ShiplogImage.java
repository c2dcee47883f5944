package dev.shiplog.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The image of the packaged product, as {@code ./shiplog make-image} makes it. */
final class ShiplogImage {

  static final String REPOSITORY = "docker.io/library/shiplog";
  static final String TAG = "it";

  /** Several virtual machines start at once on few cores: none of them compiles at length. */
  private static final List<String> OPTIONS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

  private static final Duration BOUND = Duration.ofMinutes(3);

  private ShiplogImage() {}

  /** Writes the archive into the directory, by the program that {@code make-image} runs. */
  static Path archive(Path directory) {
    Path archive = directory.resolve("shiplog.tar");
    List<String> command =
        new ArrayList<>(
            List.of(
                KafkaHost.local().java(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.shiplog.image.ImageBuild",
                System.getProperty("shiplog.app"),
                archive.toString(),
                REPOSITORY + ":" + TAG));
    command.addAll(OPTIONS);
    Run run = Run.of(command, Map.of(), BOUND);
    if (run.exit() != 0) {
      throw new AssertionError(run.toString());
    }
    return archive;
  }
}
