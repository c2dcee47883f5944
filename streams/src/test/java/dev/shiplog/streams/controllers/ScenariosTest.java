package dev.shiplog.streams.controllers;

import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.kafka.TopologyEngine;
import dev.shiplog.streams.kit.testing.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every folder under {@code scenarios/} holds, in the topology as Kafka Streams runs it, and
 * whatever order records and commands move in.
 */
class ScenariosTest {

  private static final int SEEDS = 3;

  /** Not the build's copy of them, which keeps what is gone or was renamed. */
  private static final Path ROOT = Path.of("src/test/resources/scenarios");

  private static final Map<String, Supplier<List<Controller>>> CONTROLLERS = Suites.ALL;

  static Stream<String> folders() throws IOException {
    try (Stream<Path> suites = Files.list(ROOT)) {
      return suites
          .flatMap(ScenariosTest::children)
          .map(ROOT::relativize)
          .map(Path::toString)
          .sorted()
          .toList()
          .stream();
    }
  }

  private static Stream<Path> children(Path suite) {
    try (Stream<Path> folders = Files.list(suite)) {
      return folders.toList().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("folders")
  void holds(String folder) {
    play(ROOT, folder);
  }

  static void play(Path root, String folder) {
    play(root, folder, SEEDS, TopologyEngine::new);
    for (long seed = 1; seed < SEEDS; seed++) {
      play(root, folder, seed, Engine::direct);
    }
  }

  private static void play(Path root, String folder, long seed, Engine.Factory engines) {
    String suite = folder.substring(0, folder.indexOf('/'));
    List<Controller> controllers = CONTROLLERS.get(suite).get();
    try (ScenarioFolder played =
        new ScenarioFolder(root.resolve(folder), controllers, seed, engines)) {
      played.play();
    }
  }
}
