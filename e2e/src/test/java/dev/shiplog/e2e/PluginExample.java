package dev.shiplog.e2e;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * {@code examples/scheduler-plugin}, built as its users would: its sources see nothing but the jars
 * of the packaged product.
 */
final class PluginExample {

  private static final String CONFIGURATION =
      """
      apiVersion: kubescheduler.config.k8s.io/v1
      kind: KubeSchedulerConfiguration
      profiles:
      - schedulerName: default-scheduler
      - schedulerName: licences
        plugins:
          multiPoint: {enabled: [{name: Seats}]}
          bind:
            disabled: [{name: DefaultBinder}]
            enabled: [{name: Seats}, {name: DefaultBinder}]
        pluginConfig:
        - {name: Seats, args: {seats: 2, together: 2, waitSeconds: 600}}
      """;

  private PluginExample() {}

  /** Options of {@code up} for a scheduler that has it, four of them. */
  static List<String> options(Path directory) throws IOException {
    Path plugins = Files.createDirectories(directory.resolve("plugins"));
    build(Files.createDirectories(directory.resolve("classes")), plugins.resolve("seats.jar"));
    Path file = Files.writeString(directory.resolve("scheduler.yaml"), CONFIGURATION);
    return List.of(
        "--scheduler-plugins", plugins.toString(), "--scheduler-config", file.toString());
  }

  private static void build(Path classes, Path jar) throws IOException {
    Path source = Product.checkout().resolve("examples/scheduler-plugin/src/main");
    Path app = Product.checkout().resolve("standalone/target/quarkus-app");
    List<String> arguments = new ArrayList<>(List.of("--release", "25", "-proc:none", "-cp"));
    arguments.add(
        files(app.resolve("lib/main")).stream().map(Path::toString).collect(joining(":")));
    arguments.addAll(List.of("-d", classes.toString()));
    files(source.resolve("java")).forEach(file -> arguments.add(file.toString()));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      add(classes, out);
      add(source.resolve("resources"), out);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static void add(Path directory, JarOutputStream out) throws IOException {
    for (Path file : files(directory)) {
      out.putNextEntry(new JarEntry(directory.relativize(file).toString()));
      Files.copy(file, (OutputStream) out);
      out.closeEntry();
    }
  }
}
