package dev.shiplog.bench.pods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An image of Debian's static busybox, as a docker archive, since no registry is needed that way.
 */
final class BusyboxArchive {

  static final String NAME = "docker.io/library/busybox:stable";

  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private BusyboxArchive() {}

  /** Writes it into a directory; fails where there is no static busybox. */
  static Path in(Path directory) throws IOException, InterruptedException {
    if (!Files.isExecutable(BUSYBOX)) {
      throw new IOException("needs Debian's package busybox-static");
    }
    Path bin = Files.createDirectories(directory.resolve("root/bin"));
    Files.copy(BUSYBOX, bin.resolve("busybox"));
    Files.createSymbolicLink(bin.resolve("sleep"), Path.of("busybox"));
    tar(directory, "layer.tar", "-C", "root", "bin");
    String layer = sha256(Files.readAllBytes(directory.resolve("layer.tar")));
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"architecture":"amd64","os":"linux",
         "config":{"Env":["PATH=/bin"],"Cmd":["sleep","1000000"]},
         "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}
        """
            .formatted(layer));
    Files.writeString(
        directory.resolve("manifest.json"),
        """
        [{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]
        """
            .formatted(NAME));
    tar(directory, "busybox.tar", "manifest.json", "config.json", "layer.tar");
    return directory.resolve("busybox.tar");
  }

  private static void tar(Path directory, String file, String... content)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("tar", "-cf", file);
    builder.command().addAll(List.of(content));
    Process process = builder.directory(directory.toFile()).inheritIO().start();
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException("tar did not work");
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
