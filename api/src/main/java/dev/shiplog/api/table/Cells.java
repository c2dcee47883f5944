package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.map;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.shiplog.api.schema.decoding.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Cells that many resources have, and how they are put into words. */
final class Cells {

  static final String NONE = "<none>";
  static final String UNSET = "<unset>";
  static final String UNKNOWN = "<unknown>";

  private Cells() {}

  static Cell name() {
    return field("metadata", "name");
  }

  static Cell age() {
    return since("metadata", "creationTimestamp");
  }

  static Cell created() {
    return field("metadata", "creationTimestamp");
  }

  /** How long ago the time at the path was. */
  static Cell since(String... path) {
    Cell since = (object, now) -> TextNode.valueOf(since(text(object, path), now));
    return since.about(path);
  }

  /** The text at the path, or what stands for none. */
  static Cell fieldOr(String otherwise, String... path) {
    return computed(o -> or(text(o, path), otherwise)).about(path);
  }

  static Cell field(String... path) {
    return computed(o -> text(o, path)).about(path);
  }

  static Cell number(String... path) {
    return count(o -> at(o, path).longValue()).about(path);
  }

  static Cell flag(String... path) {
    Cell flag = (object, now) -> BooleanNode.valueOf(at(object, path).booleanValue());
    return flag.about(path);
  }

  static Cell size(String... path) {
    return count(o -> at(o, path).size()).about(path);
  }

  static Cell computed(Function<ObjectNode, String> text) {
    return (object, now) -> TextNode.valueOf(text.apply(object));
  }

  static Cell count(ToLongFunction<ObjectNode> count) {
    return (object, now) -> LongNode.valueOf(count.applyAsLong(object));
  }

  /** Names of the containers of the pod spec at the path. */
  static Cell containers(String... path) {
    return computed(o -> joined(objects(at(o, path), "containers"), c -> text(c, "name"), ","));
  }

  static Cell images(String... path) {
    return computed(o -> joined(objects(at(o, path), "containers"), c -> text(c, "image"), ","));
  }

  static Cell labels(String... path) {
    return computed(o -> labels(at(o, path))).about(path);
  }

  static Cell selector(String... path) {
    return computed(o -> selector(at(o, path))).about(path);
  }

  static String since(String time, Instant now) {
    return time.isEmpty() ? UNKNOWN : HumanDuration.of(Duration.between(Times.parse(time), now));
  }

  static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  static String labels(JsonNode labels) {
    return or(
        map(labels).entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(",")),
        NONE);
  }

  /** A meta/v1 LabelSelector as it is written on a command line. */
  static String selector(JsonNode selector) {
    List<String> parts = new ArrayList<>();
    map(selector, "matchLabels").forEach((key, value) -> parts.add(key + "=" + value));
    objects(selector, "matchExpressions").forEach(r -> parts.add(requirement(r)));
    return or(String.join(",", parts), NONE);
  }

  static <T> String joined(List<T> items, Function<T, String> text, String separator) {
    return items.stream().map(text).collect(Collectors.joining(separator));
  }

  /** The first few of a list, and how many more there are. */
  static String shortened(List<String> items, int shown) {
    return items.size() <= shown
        ? String.join(",", items)
        : String.join(",", items.subList(0, shown)) + " + " + (items.size() - shown) + " more...";
  }

  /** The status of the condition of a type: True, False, Unknown or empty. */
  static String condition(JsonNode object, String type) {
    return objects(object, "status", "conditions").stream()
        .filter(c -> text(c, "type").equals(type))
        .map(c -> text(c, "status"))
        .findFirst()
        .orElse("");
  }

  private static String requirement(ObjectNode requirement) {
    String key = text(requirement, "key");
    String values = joined(texts(requirement, "values"), v -> v, ",");
    return switch (text(requirement, "operator")) {
      case "In" -> key + " in (" + values + ")";
      case "NotIn" -> key + " notin (" + values + ")";
      case "DoesNotExist" -> "!" + key;
      default -> key;
    };
  }
}
