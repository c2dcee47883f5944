package dev.shiplog.api.schema.decoding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
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
      return new YamlTrees().node(value, 0);
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
        new PlainKeys(options),
        new Representer(new DumperOptions()),
        new DumperOptions(),
        options,
        new TimesAreText());
  }

  /** Aliases may nest what was not nested, a value that holds itself without end. */
  private JsonNode node(Object value, int depth) {
    if (++nodes > MOST_NODES || depth > DEEPEST) {
      throw new IllegalArgumentException("the aliases of the document stand for too much");
    }
    return switch (value) {
      case null -> NODES.nullNode();
      case Map<?, ?> map -> object(map, depth);
      case Iterable<?> items -> array(items, depth);
      case Integer number -> NODES.numberNode(number);
      case Long number -> NODES.numberNode(number);
      case BigInteger number -> NODES.numberNode(number);
      case Double number -> NODES.numberNode(number);
      case Boolean flag -> NODES.booleanNode(flag);
      default -> NODES.textNode(value.toString());
    };
  }

  private ObjectNode object(Map<?, ?> map, int depth) {
    ObjectNode object = NODES.objectNode();
    map.forEach((key, value) -> object.set(String.valueOf(key), node(value, depth + 1)));
    return object;
  }

  private ArrayNode array(Iterable<?> items, int depth) {
    ArrayNode array = NODES.arrayNode();
    items.forEach(item -> array.add(node(item, depth + 1)));
    return array;
  }

  /**
   * Keys are texts, as in JSON. Others are looked up by a hash of all that they hold, and a few
   * aliases make that so much that it takes hours.
   */
  private static final class PlainKeys extends SafeConstructor {

    PlainKeys(LoaderOptions options) {
      super(options);
      List.of(Tag.SET, Tag.OMAP, Tag.PAIRS).forEach(yamlConstructors::remove);
    }

    @Override
    protected void constructMapping2ndStep(MappingNode node, Map<Object, Object> mapping) {
      for (NodeTuple entry : node.getValue()) {
        if (!(entry.getKeyNode() instanceof ScalarNode)) {
          throw new YAMLException("a key is no text" + entry.getKeyNode().getStartMark());
        }
      }
      super.constructMapping2ndStep(node, mapping);
    }
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
