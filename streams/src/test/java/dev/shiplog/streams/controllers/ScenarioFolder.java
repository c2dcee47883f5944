package dev.shiplog.streams.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.shiplog.streams.kit.BuiltInResources;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.MergePatch;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.core.ControllerCore;
import dev.shiplog.streams.kit.testing.ClosedLoop;
import dev.shiplog.streams.kit.testing.Engine;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A behaviour as a folder: {@code in-*.yaml} is there at the start, {@code steps} tells what
 * happens, and at the end there is what {@code out-*.yaml} describes. A description is a part of an
 * object: each of its fields must be so, lists as they are; null stands for a field that is not
 * there. Without a name it describes any one object of its kind.
 *
 * <p>Steps, one a line: {@code settle} (half a minute), {@code pass 30s}, {@code at TIME} (it is
 * that time at once, without all that would have happened until then), {@code set FILE} (creates
 * objects, or merges into those there), {@code status FILE} (merges into their status), {@code
 * delete KIND KEY [POLICY]}, {@code finish POD CODE}, {@code expect FILE}, {@code count KIND
 * NUMBER}, {@code gone KIND KEY}, {@code mark KIND}, {@code kept KIND NUMBER} (so many of the
 * marked), {@code crash}, {@code remember}, {@code unchanged} (nothing was asked for since).
 */
final class ScenarioFolder implements AutoCloseable {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static final Duration SETTLED = Duration.ofSeconds(30);

  private final Path folder;
  private final ClosedLoop loop;
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final Map<String, ResourceType<?>> types = new LinkedHashMap<>();
  private Set<String> marked = Set.of();
  private int remembered;

  ScenarioFolder(Path folder, List<Controller> controllers, long seed, Engine.Factory engines) {
    this.folder = folder;
    BuiltInResources.all().forEach(type -> types.put(type.kind(), type));
    loop =
        new ClosedLoop(
            () -> new ControllerCore("controllers", controllers, new Random(seed), faults),
            List.copyOf(types.values()),
            seed,
            engines);
    loop.add(new Kubelets());
  }

  void play() {
    files("in-").forEach(file -> documents(file).forEach(this::set));
    lines().forEach(this::step);
    files("out-").filter(file -> !lines().contains("expect " + file)).forEach(this::expect);
    faults.assertNone();
  }

  @Override
  public void close() {
    loop.close();
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(folder.resolve("steps")).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream<String> files(String prefix) {
    try (Stream<Path> all = Files.list(folder)) {
      return all
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<ObjectNode> documents(String file) {
    try (MappingIterator<ObjectNode> read =
        YAML.readerFor(ObjectNode.class).readValues(folder.resolve(file).toFile())) {
      List<ObjectNode> documents = new ArrayList<>();
      read.forEachRemaining(documents::add);
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void step(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "settle" -> loop.pass(SETTLED);
      case "at" -> loop.jumpTo(Instant.parse(words[1]));
      case "pass" -> loop.pass(Duration.parse("PT" + words[1]));
      case "set" -> documents(words[1]).forEach(this::set);
      case "status" -> documents(words[1]).forEach(this::setStatus);
      case "delete" ->
          loop.server()
              .delete(type(words[1]), words[2], words.length > 3 ? words[3] : "Background");
      case "finish" ->
          Kubelets.finish(loop.server(), words[1], Integer.parseInt(words[2]), loop.now());
      case "expect" -> expect(words[1]);
      case "count" -> assertThat(trees(words[1])).as(line).hasSize(Integer.parseInt(words[2]));
      case "gone" -> assertThat(loop.server().get(type(words[1]), words[2])).as(line).isEmpty();
      case "mark" -> marked = uids(words[1]);
      case "kept" -> {
        Set<String> still = uids(words[1]);
        still.retainAll(marked);
        assertThat(still).as(line).hasSize(Integer.parseInt(words[2]));
      }
      case "crash" -> loop.crash();
      case "remember" -> remembered = loop.sent().size();
      case "unchanged" -> assertThat(loop.sent()).as(line).hasSize(remembered);
      default -> throw new IllegalArgumentException("no such step: " + line);
    }
  }

  private Set<String> uids(String kind) {
    return trees(kind).stream()
        .map(object -> object.at("/metadata/uid").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private ResourceType<?> type(String kind) {
    ResourceType<?> type = types.get(kind);
    assertThat(type).as("kind " + kind).isNotNull();
    return type;
  }

  private void set(ObjectNode document) {
    set(type(document.path("kind").asText()), document);
  }

  private <T extends HasMetadata> void set(ResourceType<T> type, ObjectNode document) {
    String key = keyOf(document);
    if (loop.server().get(type, key).isEmpty()) {
      loop.server().createTree(type, key, document);
    } else {
      loop.server().editTree(type, key, "", before -> MergePatch.apply(before, document));
    }
  }

  private void setStatus(ObjectNode document) {
    ResourceType<?> type = type(document.path("kind").asText());
    loop.server()
        .editTree(type, keyOf(document), "status", before -> MergePatch.apply(before, document));
  }

  private static String keyOf(JsonNode document) {
    return ObjectKeys.key(
        document.at("/metadata/namespace").asText(), document.at("/metadata/name").asText());
  }

  private void expect(String file) {
    for (ObjectNode wanted : documents(file)) {
      List<JsonNode> there =
          trees(wanted.path("kind").asText()).stream()
              .filter(object ->
                  wanted.at("/metadata/name").isMissingNode()
                      || keyOf(object).equals(keyOf(wanted)))
              .toList();
      assertThat(there)
          .as("%s in %s: %s", file, folder.getFileName(), wanted)
          .anyMatch(object -> contains(object, wanted));
    }
  }

  private List<JsonNode> trees(String kind) {
    return loop.server().trees(type(kind));
  }

  private static boolean contains(JsonNode there, JsonNode wanted) {
    if (wanted.isNull()) {
      return there.isMissingNode() || there.isNull();
    }
    if (wanted.isObject()) {
      return wanted.properties().stream()
          .allMatch(field -> contains(there.path(field.getKey()), field.getValue()));
    }
    if (wanted.isArray()) {
      return there.size() == wanted.size()
          && Stream.iterate(0, i -> i < wanted.size(), i -> i + 1)
              .allMatch(i -> contains(there.get(i), wanted.get(i)));
    }
    return there.asText().equals(wanted.asText());
  }
}
