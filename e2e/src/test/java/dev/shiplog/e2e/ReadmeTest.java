package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows of Java and Maven is part of projects that are built and tested. */
final class ReadmeTest {

  private static final Path CHECKOUT = Path.of("..");

  @Test
  void everySnippetIsInAFileThatIsTested() throws IOException {
    List<String> snippets = snippets();
    assertThat(snippets).hasSizeGreaterThan(2);
    String tested = tested();

    assertThat(snippets).allSatisfy(snippet -> assertThat(tested).contains(snippet));
  }

  private static List<String> snippets() throws IOException {
    List<String> snippets = new ArrayList<>();
    StringBuilder snippet = null;
    for (String line : Files.readAllLines(CHECKOUT.resolve("README.md"))) {
      if (line.equals("```java") || line.equals("```xml")) {
        snippet = new StringBuilder();
      } else if (snippet != null && line.startsWith("```")) {
        snippets.add(snippet.toString());
        snippet = null;
      } else if (snippet != null) {
        snippet.append(line.strip()).append('\n');
      }
    }
    return snippets;
  }

  /** Without the indentation, which depends on what is around. */
  private static String tested() throws IOException {
    try (Stream<Path> example = Files.walk(CHECKOUT.resolve("examples/website-operator"));
        Stream<Path> container = Files.walk(CHECKOUT.resolve("testcontainers/src/test"))) {
      return Stream.concat(example, container)
          .filter(file -> file.toString().endsWith(".java") || file.endsWith("pom.xml"))
          .flatMap(ReadmeTest::lines)
          .map(String::strip)
          .collect(Collectors.joining("\n"));
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
