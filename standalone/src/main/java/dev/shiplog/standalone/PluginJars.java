package dev.shiplog.standalone;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The jars of a directory as a class loader, which is used as long as the process lives. */
final class PluginJars {

  private PluginJars() {}

  /**
   * Sees what the parent sees, and what is in the jars.
   *
   * @throws StartFailure if there are none
   */
  static ClassLoader of(Path directory, ClassLoader parent) {
    List<Path> jars;
    try (Stream<Path> files = Files.list(directory)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new StartFailure("the scheduler's plugins cannot be read: " + e);
    }
    if (jars.isEmpty()) {
      throw new StartFailure("there is no jar with a plugin of the scheduler in " + directory);
    }
    return new URLClassLoader(jars.stream().map(PluginJars::url).toArray(URL[]::new), parent);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(jar.toString(), e);
    }
  }
}
