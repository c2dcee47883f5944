package dev.shiplog.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.shiplog.standalone.StartFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Reads manifests: files of YAML documents, of which JSON is one. */
public final class Manifests {

  private static final YAMLMapper YAML = new YAMLMapper();

  /** What others are in comes before them; the rest stays as it was written. */
  private static final List<String> FIRST =
      List.of("Namespace", "CustomResourceDefinition", "PriorityClass", "ServiceAccount");

  private Manifests() {}

  /**
   * Reads all objects, those of lists too.
   *
   * @param sources files, directories, or {@code -} for standard input
   * @throws StartFailure if one cannot be read
   */
  public static List<ObjectNode> read(List<String> sources, boolean recursive) {
    List<ObjectNode> objects = new ArrayList<>();
    for (String source : sources) {
      if (source.equals("-")) {
        readAll("standard input", System.in, objects);
      } else {
        files(Path.of(source), recursive).forEach(file -> readAll(file, objects));
      }
    }
    objects.sort(Comparator.comparingInt(Manifests::rank));
    return objects;
  }

  private static int rank(ObjectNode object) {
    int place = FIRST.indexOf(object.path("kind").asText());
    return place < 0 ? FIRST.size() : place;
  }

  private static List<Path> files(Path source, boolean recursive) {
    if (!Files.isDirectory(source)) {
      return List.of(source);
    }
    try (Stream<Path> found = Files.walk(source, recursive ? Integer.MAX_VALUE : 1)) {
      return found
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().matches(".*\\.(yaml|yml|json)"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new StartFailure("cannot read the directory " + source);
    }
  }

  private static void readAll(Path file, List<ObjectNode> into) {
    try (InputStream in = Files.newInputStream(file)) {
      readAll(file.toString(), in, into);
    } catch (IOException e) {
      throw new StartFailure("cannot read " + file);
    }
  }

  private static void readAll(String name, InputStream in, List<ObjectNode> into) {
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(in)) {
      while (documents.hasNext()) {
        add(name, documents.next(), into);
      }
    } catch (IOException | RuntimeException e) {
      throw e instanceof StartFailure known
          ? known
          : new StartFailure(name + " is neither YAML nor JSON: " + e.getMessage());
    }
  }

  private static void add(String name, JsonNode document, List<ObjectNode> into) {
    if (document.isNull() || document.isMissingNode()) {
      return;
    }
    if (!(document instanceof ObjectNode object) || !object.hasNonNull("kind")) {
      throw new StartFailure(name + " holds a document without a kind");
    }
    if (object.path("kind").asText().endsWith("List") && object.path("items").isArray()) {
      object.get("items").forEach(item -> add(name, item, into));
    } else {
      into.add(object);
    }
  }
}
