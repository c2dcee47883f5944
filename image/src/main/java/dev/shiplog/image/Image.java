package dev.shiplog.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * An image in an archive as {@code docker save} writes it. The same files give the same image, byte
 * for byte: all times are fixed, and owners are left out.
 *
 * @param name with tag
 * @param layers bottom first; what changes most is last
 */
record Image(String name, List<Layer> layers) {

  /** Nobody on any machine. */
  private static final String USER = "10001:10001";

  private static final List<Integer> PORTS = List.of(6443, 9000, 10250);

  /** Files by where they go. */
  record Layer(String name, Map<String, Path> files) {}

  /**
   * Writes it.
   *
   * @param scratch a directory for what comes up meanwhile
   * @return its digest
   */
  String write(Path archive, Path scratch)
      throws IOException, InterruptedException, ExecutionException {
    JibContainerBuilder builder =
        Jib.fromScratch()
            .setCreationTime(Instant.EPOCH)
            .setUser(USER)
            .setWorkingDirectory(AbsoluteUnixPath.get("/tmp"))
            .setEnvironment(
                Map.of("HOME", "/tmp", "LANG", "C.UTF-8", "SHIPLOG_DATA_DIR", "/tmp/shiplog"))
            .setEntrypoint("/opt/java/bin/java", "@/opt/shiplog/java.args");
    for (int port : PORTS) {
      builder.addExposedPort(Port.tcp(port));
    }
    for (Layer layer : layers) {
      builder.addFileEntriesLayer(entries(layer));
    }
    try {
      JibContainer made =
          builder.containerize(
              Containerizer.to(TarImage.at(archive).named(name))
                  .setOfflineMode(true)
                  .setApplicationLayersCache(scratch.resolve("layers"))
                  .setBaseImageLayersCache(scratch.resolve("base"))
                  .setToolName("shiplog"));
      return made.getDigest().toString();
    } catch (InvalidImageReferenceException
        | CacheDirectoryCreationException
        | RegistryException e) {
      throw new IOException("the image " + name + " cannot be made: " + e.getMessage(), e);
    }
  }

  private static FileEntriesLayer entries(Layer layer) throws IOException {
    FileEntriesLayer.Builder entries = FileEntriesLayer.builder().setName(layer.name());
    for (Map.Entry<String, Path> file : layer.files().entrySet()) {
      entries.addEntryRecursive(
          file.getValue(), AbsoluteUnixPath.get(file.getKey()), Image::permissions);
    }
    return entries.build();
  }

  private static FilePermissions permissions(Path source, AbsoluteUnixPath destination) {
    if (destination.toString().equals("/tmp")) {
      return FilePermissions.fromOctalString("777");
    }
    boolean opens = Files.isDirectory(source) || Files.isExecutable(source);
    return FilePermissions.fromOctalString(opens ? "755" : "644");
  }
}
