package dev.shiplog.api.schema.decoding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads YAML as the JSON it stands for, within bounds that hold off alias bombs. */
final class YamlTrees {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int LARGEST = 64 * 1024 * 1024;
  private static final int DEEPEST = 500;
  private static final int MOST_ALIASES = 100;
  private static final int MOST_NODES = 2_000_000;

  private int nodes;

  private YamlTrees() {}

  /**
   * Reads one document.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  static JsonNode read(byte[] yaml) {
    try {
      Object value = parser().load(new String(yaml, StandardCharsets.UTF_8));
      return new YamlTrees().node(value);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Yaml parser() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LARGEST);
    options.setNestingDepthLimit(DEEPEST);
    options.setMaxAliasesForCollections(MOST_ALIASES);
    options.setAllowRecursiveKeys(false);
    options.setAllowDuplicateKeys(false);
    return new Yaml(
        new SafeConstructor(options),
        new Representer(new DumperOptions()),
        new DumperOptions(),
        options,
        new TimesAreText());
  }

  private JsonNode node(Object value) {
    if (++nodes > MOST_NODES) {
      throw new IllegalArgumentException("the aliases of the document stand for too much");
    }
    return switch (value) {
      case null -> NODES.nullNode();
      case Map<?, ?> map -> object(map);
      case Iterable<?> items -> array(items);
      case Integer number -> NODES.numberNode(number);
      case Long number -> NODES.numberNode(number);
      case BigInteger number -> NODES.numberNode(number);
      case Double number -> NODES.numberNode(number);
      case Boolean flag -> NODES.booleanNode(flag);
      default -> NODES.textNode(value.toString());
    };
  }

  private ObjectNode object(Map<?, ?> map) {
    ObjectNode object = NODES.objectNode();
    map.forEach((key, value) -> object.set(String.valueOf(key), node(value)));
    return object;
  }

  private ArrayNode array(Iterable<?> items) {
    ArrayNode array = NODES.arrayNode();
    items.forEach(item -> array.add(node(item)));
    return array;
  }

  /** A time in a manifest is a string like any other; its field says what it must be. */
  private static final class TimesAreText extends Resolver {
    @Override
    public void addImplicitResolver(
        Tag tag, java.util.regex.Pattern regexp, String first, int limit) {
      if (!tag.equals(Tag.TIMESTAMP)) {
        super.addImplicitResolver(tag, regexp, first, limit);
      }
    }
  }
}
