package dev.shiplog.agent.containerd.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.agent.containerd.image.ImageContents.Directory;
import dev.shiplog.agent.containerd.image.ImageContents.File;
import dev.shiplog.agent.containerd.image.ImageContents.Node;
import dev.shiplog.agent.containerd.image.ImageContents.Symlink;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes an image as the tar that {@code docker save} writes: a manifest, a configuration, and one
 * layer. The same contents give the same bytes, so an image keeps its id when it is made again.
 */
public final class DockerArchive {

  private static final ObjectMapper JSON = new ObjectMapper();

  private DockerArchive() {}

  /**
   * Writes the archive.
   *
   * @param contents what the image holds
   * @param tar the file to make or replace
   */
  public static void write(ImageContents contents, Path tar) throws IOException {
    Path layer = Files.createTempFile(tar.toAbsolutePath().getParent(), "layer", ".tar");
    try {
      String layerDigest = writeLayer(contents, layer);
      byte[] configuration = JSON.writeValueAsBytes(configuration(contents, layerDigest));
      String configurationName = hex(sha256().digest(configuration)) + ".json";
      String layerName = layerDigest + "/layer.tar";
      try (TarArchiveOutputStream out = open(Files.newOutputStream(tar))) {
        add(out, configurationName, configuration);
        add(out, layerName, layer);
        add(out, "manifest.json", manifest(contents, configurationName, layerName));
      }
    } finally {
      Files.delete(layer);
    }
  }

  private static byte[] manifest(ImageContents contents, String configuration, String layer)
      throws IOException {
    return JSON.writeValueAsBytes(
        List.of(
            Map.of(
                "Config", configuration,
                "RepoTags", List.of(contents.reference()),
                "Layers", List.of(layer))));
  }

  private static Map<String, Object> configuration(ImageContents contents, String layerDigest) {
    var process = new LinkedHashMap<String, Object>();
    process.put("Env", contents.environment());
    process.put("Entrypoint", contents.entrypoint());
    process.put("Cmd", contents.command());
    var configuration = new LinkedHashMap<String, Object>();
    configuration.put("architecture", contents.architecture().imageName());
    configuration.put("os", "linux");
    configuration.put("created", "1970-01-01T00:00:00Z");
    configuration.put("config", process);
    configuration.put(
        "rootfs", Map.of("type", "layers", "diff_ids", List.of("sha256:" + layerDigest)));
    return configuration;
  }

  /** Returns the layer's digest, which is its name. */
  private static String writeLayer(ImageContents contents, Path layer) throws IOException {
    MessageDigest digest = sha256();
    try (TarArchiveOutputStream out =
        open(new DigestOutputStream(Files.newOutputStream(layer), digest))) {
      for (Map.Entry<String, Node> node : contents.nodes().entrySet()) {
        add(out, node.getKey(), node.getValue());
      }
    }
    return hex(digest.digest());
  }

  private static void add(TarArchiveOutputStream out, String path, Node node) throws IOException {
    switch (node) {
      case Directory(int mode) -> {
        TarArchiveEntry entry = entry(path + "/", mode);
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
      }
      case Symlink(String target) -> {
        var entry = anonymous(new TarArchiveEntry(path, TarConstants.LF_SYMLINK));
        entry.setLinkName(target);
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
      }
      case File(Path source, int mode) -> {
        TarArchiveEntry entry = entry(path, mode);
        entry.setSize(Files.size(source));
        out.putArchiveEntry(entry);
        Files.copy(source, out);
        out.closeArchiveEntry();
      }
      case ImageContents.Text(byte[] bytes, int mode) -> {
        TarArchiveEntry entry = entry(path, mode);
        entry.setSize(bytes.length);
        out.putArchiveEntry(entry);
        out.write(bytes);
        out.closeArchiveEntry();
      }
    }
  }

  private static void add(TarArchiveOutputStream out, String path, byte[] bytes)
      throws IOException {
    add(out, path, new ImageContents.Text(bytes, 0644));
  }

  private static void add(TarArchiveOutputStream out, String path, Path source) throws IOException {
    add(out, path, new File(source, 0644));
  }

  private static TarArchiveEntry entry(String path, int mode) {
    TarArchiveEntry entry = anonymous(new TarArchiveEntry(path));
    entry.setMode(mode);
    return entry;
  }

  /** Root's, of no date: the library would write who runs this, and when. */
  private static TarArchiveEntry anonymous(TarArchiveEntry entry) {
    entry.setIds(0, 0);
    entry.setNames("", "");
    entry.setModTime(FileTime.fromMillis(0));
    return entry;
  }

  private static TarArchiveOutputStream open(OutputStream to) {
    var out = new TarArchiveOutputStream(new BufferedOutputStream(to));
    out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    return out;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
