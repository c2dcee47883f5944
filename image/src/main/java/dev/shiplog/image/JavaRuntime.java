package dev.shiplog.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The base of an image, from what this machine has: a Java runtime, and of the C library what that
 * is linked with. Nothing else is in it, no shell either.
 *
 * @param home of the runtime
 */
record JavaRuntime(Path home) {

  /** All of Java SE, and of the JDK what Kafka, Quarkus and we use, and jcmd for operators. */
  private static final String MODULES =
      "java.se,jdk.unsupported,jdk.httpserver,jdk.net,jdk.zipfs,jdk.management,jdk.naming.dns,"
          + "jdk.security.auth,jdk.security.jgss,jdk.crypto.cryptoki,jdk.jfr,jdk.jcmd";

  /** Of graphics and sound, which nobody loads. */
  private static final Pattern UNUSED =
      Pattern.compile("lib(awt|font|splash|jsound|mlib|lcms|java?jpeg|freetype).*");

  private static final Pattern LIBRARY = Pattern.compile("(?:=>\\s*)?(/\\S+) \\(0x[0-9a-f]+\\)");

  /**
   * Links one from the running JDK.
   *
   * @param home a directory that does not exist
   */
  static JavaRuntime link(Path home) {
    ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow();
    int exit =
        jlink.run(
            System.out,
            System.err,
            "--add-modules",
            MODULES,
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            home.toString());
    if (exit != 0) {
      throw new IllegalStateException("jlink failed with " + exit);
    }
    return new JavaRuntime(home);
  }

  /** Files of this machine that it is linked with, by the paths at which it looks for them. */
  Set<Path> libraries() throws IOException, InterruptedException {
    Set<Path> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(JavaRuntime::isLinked).toList()) {
        Process ldd = new ProcessBuilder("ldd", file.toString()).redirectErrorStream(true).start();
        String said =
            new String(
                ldd.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        ldd.waitFor();
        Matcher library = LIBRARY.matcher(said);
        while (library.find()) {
          Path path = Path.of(library.group(1));
          if (!path.startsWith(home)) {
            found.add(path);
          }
        }
      }
    }
    return found;
  }

  private static boolean isLinked(Path file) {
    String name = file.getFileName().toString();
    boolean isProgram = name.equals("java") && Files.isRegularFile(file);
    return isProgram || (name.endsWith(".so") && !UNUSED.matcher(name).matches());
  }
}
