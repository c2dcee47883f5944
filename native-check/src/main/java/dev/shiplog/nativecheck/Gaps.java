package dev.shiplog.nativecheck;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.nativecheck.trace.Reach;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What was reached and is not registered, less what {@code excused.txt} gives a reason for.
 *
 * @param uses in the order of their names
 */
public record Gaps(List<Use> uses) {

  private static final String EXCUSES = "excused.txt";

  /** Looks everything up. */
  public static Gaps of(List<Use> reached, Registrations registered) throws IOException {
    List<Predicate<String>> excuses = excuses();
    return new Gaps(
        reached.stream()
            .filter(use -> !registered.cover(use))
            .filter(use -> excuses.stream().noneMatch(excuse -> excuse.test(use.toString())))
            .sorted((a, b) -> a.toString().compareTo(b.toString()))
            .toList());
  }

  /** Prints them, for a run's directory and that of the native sources. */
  public static void main(String[] arguments) throws IOException {
    Gaps gaps = of(Use.read(Path.of(arguments[0])), Registrations.read(Path.of(arguments[1])));
    System.out.println(gaps);
    System.out.println(gaps.reflectConfig());
  }

  /** One regular expression a line, for the text of a use; comments say why. */
  private static List<Predicate<String>> excuses() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Gaps.class.getResourceAsStream(EXCUSES), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> Pattern.compile(line).asMatchPredicate())
          .toList();
    }
  }

  /** As {@code reflect-config.json} wants them, to be put where they belong. */
  public String reflectConfig() {
    Map<String, TreeSet<String>> types = new TreeMap<>();
    for (Use use : uses) {
      if (property(use.reach()) != null) {
        types.computeIfAbsent(use.name(), _ -> new TreeSet<>()).add(property(use.reach()));
      }
    }
    ObjectMapper json = new ObjectMapper();
    ArrayNode all = json.createArrayNode();
    types.forEach((name, properties) -> {
      ObjectNode type = all.addObject().put("name", name);
      properties.stream().filter(one -> !one.isEmpty()).forEach(one -> type.put(one, true));
    });
    return all.toPrettyString();
  }

  private static String property(Reach reach) {
    return switch (reach) {
      case CLASS -> "";
      case METHODS, INVOKE -> "allDeclaredMethods";
      case CONSTRUCTORS, CONSTRUCT -> "allDeclaredConstructors";
      case FIELDS, ACCESS -> "allDeclaredFields";
      case RESOURCE, BUNDLE, PROXY, SERIALIZATION -> null;
    };
  }

  @Override
  public String toString() {
    return uses.stream().map(Use::toString).collect(Collectors.joining("\n"));
  }
}
