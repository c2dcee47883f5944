package dev.shiplog.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Assumptions;

/**
 * The image {@code docker.io/library/busybox:stable} made from Debian's busybox-static, so that the
 * tests need no registry: one layer with the binary and a link per applet, as a docker archive.
 * With it come images of the same layer that say something else about themselves.
 */
@SuppressWarnings("InlineFormatString") // Named, they say what they are.
final class BusyboxImage {

  static final String NAME = "docker.io/library/busybox:stable";

  /** A program of another architecture, in {@link #NAME}. */
  private static final String FOREIGN = "bin/foreign";

  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private BusyboxImage() {}

  /** Writes the archive into the directory; skips the test where there is no static busybox. */
  static Path archive(Path directory) {
    return archive(
        directory.resolve("busybox.tar"),
        List.of(
            new Variant(NAME, SHELL),
            new Variant("images.test/of-a-user-that-it-does-not-have:1", NOBODY_KNOWN),
            new Variant("images.test/without-a-command:1", NO_COMMAND)));
  }

  /** One with another name, that is another image also to those who look into it. */
  static Path archive(Path file, String name) {
    return archive(file, List.of(new Variant(name, LABELLED.formatted(name))));
  }

  /**
   * An image.
   *
   * @param name its full name
   * @param config what it says of itself
   */
  private record Variant(String name, String config) {}

  private static Path archive(Path file, List<Variant> variants) {
    Assumptions.assumeTrue(
        Files.isExecutable(BUSYBOX), "skipped: Debian's package busybox-static is not installed");
    try {
      byte[] layer = layer();
      String diffId = "sha256:" + sha256(layer);
      List<String> manifests = new ArrayList<>();
      try (OutputStream out = Files.newOutputStream(file);
          TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
        put(tar, "layer.tar", layer, 0644);
        for (Variant variant : variants) {
          byte[] config = text(CONFIG.formatted(variant.config(), diffId));
          String configName = sha256(config) + ".json";
          put(tar, configName, config, 0644);
          manifests.add(MANIFEST.formatted(configName, variant.name()));
        }
        put(tar, "manifest.json", text("[" + String.join(",", manifests) + "]"), 0644);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final String SHELL =
      """
      {"Env":["PATH=/bin"],"Cmd":["sh"]}\
      """;

  private static final String LABELLED =
      """
      {"Env":["PATH=/bin"],"Cmd":["sh"],"Labels":{"name":"%s"}}\
      """;

  private static final String NOBODY_KNOWN =
      """
      {"Env":["PATH=/bin"],"Cmd":["sh"],"User":"stranger"}\
      """;

  private static final String NO_COMMAND =
      """
      {"Env":["PATH=/bin"]}\
      """;

  private static final String CONFIG =
      """
      {"architecture":"amd64","os":"linux","config":%s,\
      "rootfs":{"type":"layers","diff_ids":["%s"]}}\
      """;

  private static final String MANIFEST =
      """
      {"Config":"%s","RepoTags":["%s"],"Layers":["layer.tar"]}\
      """;

  /** What the kernel reads of a program, made for a 64-bit ARM. */
  private static byte[] foreignProgram() {
    return ByteBuffer.allocate(64)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1})
        .putShort(16, (short) 2)
        .putShort(18, (short) 183)
        .array();
  }

  private static byte[] layer() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String directory : List.of("bin/", "etc/", "tmp/", "root/", "www/")) {
        TarArchiveEntry entry = new TarArchiveEntry(directory);
        entry.setMode(directory.equals("tmp/") ? 01777 : 0755);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
      }
      put(tar, "bin/busybox", Files.readAllBytes(BUSYBOX), 0755);
      for (String applet : applets()) {
        TarArchiveEntry link = new TarArchiveEntry("bin/" + applet, TarConstants.LF_SYMLINK);
        link.setLinkName("busybox");
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
      }
      put(tar, FOREIGN, foreignProgram(), 0755);
      put(
          tar,
          "etc/passwd",
          text("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:\n"),
          0644);
      put(tar, "etc/group", text("root:x:0:\nnogroup:x:65534:\n"), 0644);
    }
    return bytes.toByteArray();
  }

  private static List<String> applets() {
    return Run.of(List.of(BUSYBOX.toString(), "--list"), Map.of(), Duration.ofSeconds(10))
        .lines()
        .stream()
        .filter(applet -> !applet.equals("busybox"))
        .toList();
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content, int mode)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
