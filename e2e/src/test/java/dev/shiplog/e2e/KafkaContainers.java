package dev.shiplog.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * Kafka in containers, of an image that is built on the spot from nothing but files of this
 * machine: a small Java runtime linked from the JDK that runs the tests, the C library it needs,
 * and the jars that the packaged product has. They use this machine's network.
 */
final class KafkaContainers implements KafkaHost {

  private static final String MODULES =
      "java.se,jdk.unsupported,jdk.management,jdk.naming.dns,jdk.crypto.ec,jdk.zipfs";
  private static final Duration LINK_BOUND = Duration.ofMinutes(3);
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  private final String image;

  private KafkaContainers(String image) {
    this.image = image;
  }

  /** Builds the image; skips the test where no Docker engine runs. */
  static KafkaContainers build(Path directory) {
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "skipped: no Docker engine runs here, so no brokers in containers");
    Path runtime = directory.resolve("java");
    link(runtime);
    ImageFromDockerfile image =
        new ImageFromDockerfile("localhost/shiplog-e2e-kafka", false)
            .withFileFromPath("java", runtime)
            .withFileFromString("Dockerfile", dockerfile(libraries(runtime)));
    JARS.forEach(which -> image.withFileFromPath("kafka-" + which, Local.jars(which)));
    libraries(runtime).forEach(file -> image.withFileFromPath("lib" + file, realPath(file)));
    return new KafkaContainers(image.get());
  }

  @Override
  public String java() {
    return "/java/bin/java";
  }

  @Override
  public String classPath() {
    return "/kafka-boot/*:/kafka-main/*";
  }

  @Override
  @SuppressWarnings("resource") // Ends with the container.
  public Running start(List<String> command, Path directory) {
    GenericContainer<?> container =
        new GenericContainer<>(image)
            .withNetworkMode("host")
            .withFileSystemBind(directory.toString(), directory.toString(), BindMode.READ_WRITE)
            .withCommand(command.toArray(new String[0]));
    container.start();
    return new Container(container);
  }

  private record Container(GenericContainer<?> container) implements Running {

    @Override
    public void kill() {
      container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
      container.stop();
    }

    @Override
    public long pid() {
      throw new UnsupportedOperationException("a container is no process of this machine");
    }
  }

  private static String dockerfile(Set<Path> libraries) {
    StringBuilder text = new StringBuilder("FROM scratch\nCOPY java /java\n");
    JARS.forEach(which -> text.append("COPY kafka-%1$s /kafka-%1$s\n".formatted(which)));
    libraries.forEach(
        file -> text.append("COPY lib").append(file).append(' ').append(file).append('\n'));
    return text.append("WORKDIR /tmp\n").toString();
  }

  private static void link(Path runtime) {
    Path jlink = Path.of(System.getProperty("java.home")).resolve("bin").resolve("jlink");
    Run run =
        Run.of(
            List.of(
                jlink.toString(),
                "--add-modules",
                MODULES,
                "--strip-debug",
                "--no-man-pages",
                "--no-header-files",
                "--output",
                runtime.toString()),
            Map.of(),
            LINK_BOUND);
    if (run.exit() != 0) {
      throw new AssertionError(run.toString());
    }
  }

  /** The shared libraries that the runtime's own need, the loader among them. */
  private static Set<Path> libraries(Path runtime) {
    Set<Path> needed = new TreeSet<>();
    try (Stream<Path> files = Files.walk(runtime)) {
      files
          .filter(file -> file.toString().endsWith(".so") || file.endsWith("bin/java"))
          .forEach(file -> {
            Run ldd = Run.of(List.of("ldd", file.toString()), Map.of(), Duration.ofSeconds(20));
            Matcher found = LIBRARY.matcher(ldd.out());
            while (found.find()) {
              Path library = Path.of(found.group(1));
              if (!library.startsWith(runtime)) {
                needed.add(library);
              }
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return needed;
  }

  private static Path realPath(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
