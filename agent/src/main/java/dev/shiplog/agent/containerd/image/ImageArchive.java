package dev.shiplog.agent.containerd.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.agent.containerd.ImageReference;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** What can be told of an image archive without importing it. */
final class ImageArchive {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of {@code docker save} and of the OCI layout; a newer docker writes both. */
  private static final String DOCKER_INDEX = "manifest.json";

  private static final String OCI_INDEX = "index.json";
  private static final String OCI_NAME = "io.containerd.image.name";
  private static final int MAX_INDEX_BYTES = 16 << 20;

  private ImageArchive() {}

  /**
   * Full names of the images in it, which may be none: then its images have only digests.
   *
   * @throws IOException if there is no such file, or it is no image archive
   */
  static List<String> names(Path file) throws IOException {
    Map<String, JsonNode> indexes;
    try (var tar = new TarArchiveInputStream(open(file))) {
      indexes = indexes(tar);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    } catch (IOException e) {
      throw new IOException(file + " is no image archive: " + e.getMessage(), e);
    }
    if (indexes.isEmpty()) {
      throw new IOException(
          file + " is no image archive: it has neither " + DOCKER_INDEX + " nor " + OCI_INDEX);
    }
    var names = new ArrayList<String>();
    indexes
        .getOrDefault(DOCKER_INDEX, JSON.createArrayNode())
        .forEach(image -> image.path("RepoTags").forEach(tag -> names.add(tag.asText())));
    indexes
        .getOrDefault(OCI_INDEX, JSON.createObjectNode())
        .path("manifests")
        .forEach(image -> names.add(image.path("annotations").path(OCI_NAME).asText()));
    try {
      return names.stream()
          .filter(name -> !name.isEmpty())
          .map(ImageReference::complete)
          .distinct()
          .toList();
    } catch (RuntimeRefusedException e) {
      throw new IOException(file + " holds an image without a usable name: " + e.getMessage(), e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    var in = new BufferedInputStream(Files.newInputStream(file));
    in.mark(2);
    byte[] start = in.readNBytes(2);
    in.reset();
    return GzipCompressorInputStream.matches(start, start.length)
        ? new GzipCompressorInputStream(in)
        : in;
  }

  private static Map<String, JsonNode> indexes(TarArchiveInputStream tar) throws IOException {
    var indexes = new HashMap<String, JsonNode>();
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (Set.of(DOCKER_INDEX, OCI_INDEX).contains(entry.getName())) {
        indexes.put(entry.getName(), JSON.readTree(tar.readNBytes(MAX_INDEX_BYTES)));
      }
    }
    return indexes;
  }
}
