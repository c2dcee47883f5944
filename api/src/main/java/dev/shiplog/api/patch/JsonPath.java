package dev.shiplog.api.patch;

import dev.shiplog.api.status.Failures;
import java.util.ArrayList;
import java.util.List;

/** A JSON pointer (RFC 6901), taken apart. */
record JsonPath(String text, List<String> steps) {

  JsonPath {
    steps = List.copyOf(steps);
  }

  static JsonPath parse(String text) {
    if (!text.isEmpty() && text.charAt(0) != '/') {
      throw Failures.badRequest(
          "error decoding patch: path \"" + text + "\" must be empty or start with a slash");
    }
    List<String> steps = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String step : text.substring(1).split("/", -1)) {
        steps.add(step.replace("~1", "/").replace("~0", "~"));
      }
    }
    return new JsonPath(text, steps);
  }

  boolean isRoot() {
    return steps.isEmpty();
  }

  String last() {
    return steps.getLast();
  }

  /** Whether the other path lies below this one. */
  boolean isPrefixOf(JsonPath other) {
    return other.steps.size() > steps.size() && other.steps.subList(0, steps.size()).equals(steps);
  }

  @Override
  public String toString() {
    return text;
  }
}
