package dev.shiplog.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The paths of printer columns: fields ({@code .a}, {@code ['a.b']}), items ({@code [0]}, {@code
 * [*]}) and items by a field's value ({@code [?(@.type=="Ready")]}).
 */
final class SimpleJsonPath {

  private static final Pattern STEP =
      Pattern.compile(
          "\\.([^.\\[\\]]+)|\\[(-?\\d+|\\*)]|\\['([^']+)']"
              + "|\\[\\?\\(@\\.([^=!]+?)\\s*(==|!=)\\s*[\"']?([^\"')]*)[\"']?\\)]");

  private SimpleJsonPath() {}

  /** What is found in a tree; nothing for a path of another form. */
  static List<JsonNode> find(JsonNode tree, String path) {
    String steps = path.replace("\\.", "\uFFFF");
    List<JsonNode> found = List.of(tree);
    Matcher step = STEP.matcher(steps);
    int at = 0;
    while (at < steps.length()) {
      if (!step.region(at, steps.length()).lookingAt()) {
        return List.of();
      }
      found = next(found, step);
      at = step.end();
    }
    return found;
  }

  private static List<JsonNode> next(List<JsonNode> from, Matcher step) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode node : from) {
      if (step.group(1) != null) {
        add(node.path(step.group(1).replace('\uFFFF', '.')), found);
      } else if (step.group(3) != null) {
        add(node.path(step.group(3).replace('\uFFFF', '.')), found);
      } else if (step.group(2) != null) {
        items(node, step.group(2), found);
      } else {
        filtered(node, step, found);
      }
    }
    return found;
  }

  private static void add(JsonNode value, List<JsonNode> found) {
    if (!value.isMissingNode() && !(value instanceof NullNode)) {
      found.add(value);
    }
  }

  private static void items(JsonNode list, String which, List<JsonNode> found) {
    if (which.equals("*")) {
      list.forEach(item -> add(item, found));
      return;
    }
    int index = Integer.parseInt(which);
    add(list.path(index < 0 ? list.size() + index : index), found);
  }

  private static void filtered(JsonNode list, Matcher step, List<JsonNode> found) {
    boolean equal = step.group(5).equals("==");
    for (JsonNode item : list) {
      String value = item.at("/" + step.group(4).replace('.', '/')).asText("");
      if (value.equals(step.group(6)) == equal) {
        found.add(item);
      }
    }
  }
}
