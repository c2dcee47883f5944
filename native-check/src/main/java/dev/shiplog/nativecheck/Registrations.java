package dev.shiplog.nativecheck;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What {@code native-image} is told in the jars that it is given: the JSON files under {@code
 * META-INF/native-image}, less those that its arguments leave out.
 */
public final class Registrations {

  private static final String PLACE = "META-INF/native-image/";
  private static final String EXCLUDE = "--exclude-config";
  private static final Pattern KIND =
      Pattern.compile("(reflect|resource|proxy|serialization)-config\\.json");

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Set<String>> types = new HashMap<>();
  private final Set<String> bundles = new HashSet<>();
  private final Set<String> proxies = new HashSet<>();
  private final List<Predicate<String>> resources = new ArrayList<>();
  private final Set<String> serialized = new HashSet<>();

  private Registrations() {}

  /**
   * Reads them.
   *
   * @param sources directory with {@code native-image.args}, the runner's jar and {@code lib}
   */
  public static Registrations read(Path sources) throws IOException {
    Registrations all = new Registrations();
    List<Predicate<String>> left = leftOut(Files.readString(sources.resolve("native-image.args")));
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        all.readJar(jar, left);
      }
    }
    return all;
  }

  /** Each is a pattern of a jar's path, and one of the file in it. */
  private static List<Predicate<String>> leftOut(String arguments) {
    List<Predicate<String>> left = new ArrayList<>();
    String[] words = arguments.strip().split("\\s+");
    for (int i = 0; i + 2 < words.length; i++) {
      if (words[i].equals(EXCLUDE)) {
        Pattern jar = Pattern.compile(words[i + 1]);
        Pattern file = Pattern.compile(words[i + 2]);
        left.add(place -> {
          int end = place.indexOf('!');
          return jar.matcher(place.substring(0, end)).find()
              && file.matcher(place.substring(end + 1)).find();
        });
      }
    }
    return left;
  }

  private void readJar(Path path, List<Predicate<String>> left) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      for (JarEntry entry : jar.stream().filter(Registrations::isOne).toList()) {
        String place = path.getFileName() + "!/" + entry.getName();
        if (left.stream().noneMatch(out -> out.test(place))) {
          add(entry.getName(), json.readTree(jar.getInputStream(entry)));
        }
      }
    }
  }

  private static boolean isOne(JarEntry entry) {
    String name = entry.getName();
    return name.startsWith(PLACE) && KIND.matcher(name).find();
  }

  private void add(String file, JsonNode content) {
    switch (file.substring(file.lastIndexOf('/') + 1)) {
      case "reflect-config.json" -> content.forEach(this::addType);
      case "resource-config.json" -> addResources(content);
      case "proxy-config.json" -> content.forEach(this::addProxy);
      default -> addSerialized(content);
    }
  }

  private void addType(JsonNode type) {
    Set<String> known = types.computeIfAbsent(type.path("name").asText(), _ -> new HashSet<>());
    type.properties().stream()
        .filter(property -> property.getValue().asBoolean())
        .forEach(property -> known.add(property.getKey()));
    for (String members : List.of("methods", "queriedMethods", "fields")) {
      type.path(members).forEach(member -> known.add(members + "." + member.path("name").asText()));
    }
  }

  private void addResources(JsonNode content) {
    JsonNode patterns = content.path("resources").path("includes");
    (patterns.isMissingNode() ? content.path("resources") : patterns)
        .forEach(include ->
            resources.add(Pattern.compile(include.path("pattern").asText()).asMatchPredicate()));
    content
        .path("bundles")
        .forEach(bundle -> {
          String name = bundle.path("name").asText();
          bundles.add(name.substring(name.indexOf(':') + 1));
        });
  }

  private void addProxy(JsonNode proxy) {
    JsonNode interfaces = proxy.isArray() ? proxy : proxy.path("interfaces");
    proxies.add(
        StreamSupport.stream(interfaces.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(",")));
  }

  private void addSerialized(JsonNode content) {
    (content.isArray() ? content : content.path("types"))
        .forEach(type -> serialized.add(type.path("name").asText()));
  }

  /** Whether a native image would know what was reached. */
  public boolean cover(Use use) {
    return switch (use.reach()) {
      case CLASS -> types.containsKey(use.name());
      case METHODS -> knows(use, "methods", "Methods") || knows(use, "queriedMethods", "Methods");
      case INVOKE -> knows(use, "methods", "Methods");
      case CONSTRUCTORS ->
          knows(use, "methods", "Constructors") || knows(use, "queriedMethods", "Constructors");
      case CONSTRUCT -> knows(use, "methods", "Constructors");
      case FIELDS, ACCESS -> knows(use, "fields", "Fields");
      case RESOURCE -> resources.stream().anyMatch(pattern -> pattern.test(use.name()));
      case BUNDLE -> bundles.contains(use.name());
      case PROXY -> proxies.contains(use.name());
      case SERIALIZATION -> serialized.contains(use.name());
    };
  }

  /** Registered one by one, or all of the kind; to query is less than to use. */
  private boolean knows(Use use, String members, String kind) {
    Set<String> known = types.getOrDefault(use.name(), Set.of());
    boolean query = !use.reach().isUsed();
    return (query
            && (known.contains("queryAllDeclared" + kind)
                || known.contains("queryAllPublic" + kind)))
        || known.contains("allDeclared" + kind)
        || known.contains("allPublic" + kind)
        || known.contains(members + "." + use.member());
  }
}
