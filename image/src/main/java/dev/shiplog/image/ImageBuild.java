package dev.shiplog.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** {@code ./shiplog make-image}: one image, whose command says which part it is to be. */
public final class ImageBuild {

  private static final String HOME = "/opt/shiplog/";
  private static final String MAIN = "dev.shiplog.standalone.ShiplogMain";

  /** As Quarkus lays out its application, in the order of its class path. */
  private static final List<String> GENERATED =
      List.of("quarkus/transformed-bytecode.jar", "quarkus/generated-bytecode.jar");

  private final Path app;
  private final Path scratch;

  private ImageBuild(Path app, Path scratch) {
    this.app = app;
    this.scratch = scratch;
  }

  /**
   * Makes an image.
   *
   * @param arguments the packaged application's directory, the archive to write, the image's name
   *     with tag, and then options of the Java virtual machine
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 3) {
      throw new IllegalArgumentException("usage: APPLICATION ARCHIVE NAME [JVM-OPTION…]");
    }
    Path scratch = Files.createTempDirectory("shiplog-image");
    try {
      List<String> options = Arrays.asList(arguments).subList(3, arguments.length);
      String digest =
          new ImageBuild(Path.of(arguments[0]), scratch)
              .make(arguments[2], options)
              .write(Path.of(arguments[1]), scratch);
      System.out.println(arguments[2] + " is in " + arguments[1] + ", " + digest);
    } finally {
      delete(scratch);
    }
  }

  private Image make(String name, List<String> options)
      throws IOException, InterruptedException, ExecutionException {
    JavaRuntime runtime = JavaRuntime.link(scratch.resolve("java"));
    Map<String, Path> system = new TreeMap<>();
    for (Path library : runtime.libraries()) {
      system.put(library.toString(), library.toRealPath());
    }
    system.put("/etc/passwd", text("passwd", "shiplog:x:10001:10001::/tmp:/nonexistent\n"));
    system.put("/etc/group", text("group", "shiplog:x:10001:\n"));
    system.put("/etc/nsswitch.conf", text("nsswitch.conf", "hosts: files dns\n"));
    system.put("/tmp", Files.createDirectory(scratch.resolve("tmp")));
    List<Path> libraries = new ArrayList<>(jars("lib/boot"));
    libraries.addAll(jars("lib/main"));
    List<Path> own = new ArrayList<>(GENERATED.stream().map(app::resolve).toList());
    own.addAll(jars("app"));
    Map<String, Path> application = placed(own);
    List<Path> all = new ArrayList<>(own);
    all.addAll(libraries);
    application.put(HOME + "java.args", text("java.args", arguments(options, all)));
    return new Image(
        name,
        List.of(
            new Image.Layer("system", system),
            new Image.Layer("java", Map.of("/opt/java", runtime.home())),
            new Image.Layer("libraries", placed(libraries)),
            new Image.Layer("application", application)));
  }

  private String arguments(List<String> options, List<Path> classPath) {
    List<String> places = classPath.stream().map(jar -> HOME + app.relativize(jar)).toList();
    return String.join("\n", options) + "\n-cp\n" + String.join(":", places) + "\n" + MAIN + "\n";
  }

  private Map<String, Path> placed(List<Path> jars) {
    Map<String, Path> placed = new TreeMap<>();
    jars.forEach(jar -> placed.put(HOME + app.relativize(jar), jar));
    return placed;
  }

  private List<Path> jars(String directory) throws IOException {
    try (Stream<Path> files = Files.list(app.resolve(directory))) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private Path text(String name, String content) throws IOException {
    return Files.writeString(scratch.resolve(name), content);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
