package dev.shiplog.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files that {@link PodsIT} makes its pods from, with what is left out of them. */
final class PodFiles {

  static final String NAMESPACE = "pods";

  private static final Path FIRST = Path.of("src/test/resources/pods");
  private static final Path LATER = Path.of("src/test/resources/pods-later");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** A line for each change; in control groups of version 2, or else of version 1. */
  private static final String TELLS_ITS_LIMITS =
      """
      cd /sys/fs/cgroup
      while :; do
        read -r cpu _ < cpu.max || read -r cpu < cpu/cpu.cfs_quota_us
        read -r memory < memory.max || read -r memory < memory/memory.limit_in_bytes
        [ "$cpu $memory" = "$told" ] || echo "$cpu $memory"
        told="$cpu $memory"
        sleep 0.5
      done 2> /dev/null
      """;

  private PodFiles() {}

  /** All that is there from the beginning, in the order of the files. */
  static Stream<JsonNode> documents() {
    return in(FIRST);
  }

  static Stream<JsonNode> pods() {
    return documents().filter(object -> object.path("kind").asText().equals("Pod"));
  }

  /** What is applied at the beginning. */
  static String manifest() {
    return list(documents());
  }

  /** What is applied when the pods are there. */
  static String laterManifest() {
    return list(in(LATER));
  }

  static JsonNode read(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  static boolean says(JsonNode pod, String annotation) {
    return pod.at("/metadata/annotations").has(annotation);
  }

  static String said(JsonNode pod, String annotation) {
    return pod.at("/metadata/annotations").path(annotation).asText();
  }

  private static String list(Stream<JsonNode> documents) {
    return documents
        .map(JsonNode::toString)
        .collect(
            Collectors.joining(",", "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[", "]}"));
  }

  private static Stream<JsonNode> in(Path directory) {
    List<JsonNode> documents = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        YAML.readerFor(JsonNode.class)
            .<JsonNode>readValues(file.toFile())
            .forEachRemaining(document -> documents.add(completed(document)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return documents.stream();
  }

  private static JsonNode completed(JsonNode document) {
    if (document.path("kind").asText().equals("Pod")) {
      ObjectNode metadata = (ObjectNode) document.path("metadata");
      metadata.put("namespace", NAMESPACE);
      if (says(document, "expect/output")) {
        metadata.withObject("/labels").put("output", "expected");
      }
      if (says(document, "then/output")) {
        metadata.withObject("/labels").put("then", "expected");
      }
      ObjectNode spec = (ObjectNode) document.path("spec");
      spec.put("restartPolicy", "Never");
      ((ObjectNode) spec.at("/containers/0")).put("name", "main");
      spec.path("containers").forEach(PodFiles::withImage);
      spec.path("initContainers").forEach(PodFiles::withImage);
      if (says(document, "change/resources")) {
        spec.path("containers").forEach(PodFiles::thatTellsItsLimits);
      }
    }
    return document;
  }

  private static void withImage(JsonNode container) {
    if (!container.has("image")) {
      ((ObjectNode) container).put("image", BusyboxImage.NAME);
    }
  }

  private static void thatTellsItsLimits(JsonNode container) {
    ((ObjectNode) container).putArray("command").add("sh").add("-c").add(TELLS_ITS_LIMITS);
  }
}
