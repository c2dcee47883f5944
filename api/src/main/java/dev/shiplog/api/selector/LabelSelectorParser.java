package dev.shiplog.api.selector;

import dev.shiplog.api.selector.LabelRequirement.Operator;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the text form of a label selector, one pass from left to right:
 *
 * <pre>
 * selector    = requirement { "," requirement }
 * requirement = "!" key | key [ ("=" | "==" | "!=" | ">" | "&lt;") value | ("in" | "notin") set ]
 * set         = "(" value { "," value } ")"
 * </pre>
 *
 * A value may be empty. One instance reads one text.
 */
final class LabelSelectorParser {

  private static final int NAME_LENGTH_MAX = 63;
  private static final int PREFIX_LENGTH_MAX = 253;
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final Pattern PREFIX =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private final String text;
  private int at;

  LabelSelectorParser(String text) {
    this.text = text;
  }

  List<LabelRequirement> parse() {
    List<LabelRequirement> requirements = new ArrayList<>();
    do {
      requirements.add(requirement());
    } while (accept(","));
    if (at < text.length()) {
      throw wrong("found '" + text.substring(at) + "', expected: ',' or the end");
    }
    return requirements;
  }

  private LabelRequirement requirement() {
    if (accept("!")) {
      return new LabelRequirement(key(), Operator.DOES_NOT_EXIST, Set.of());
    }
    String key = key();
    if (accept("==") || accept("=")) {
      return new LabelRequirement(key, Operator.IN, Set.of(value()));
    }
    if (accept("!=")) {
      return new LabelRequirement(key, Operator.NOT_IN, Set.of(value()));
    }
    if (accept(">")) {
      return new LabelRequirement(key, Operator.GREATER_THAN, Set.of(number()));
    }
    if (accept("<")) {
      return new LabelRequirement(key, Operator.LESS_THAN, Set.of(number()));
    }
    return setOrExistence(key);
  }

  private LabelRequirement setOrExistence(String key) {
    skipSpace();
    if (at == text.length() || text.charAt(at) == ',') {
      return new LabelRequirement(key, Operator.EXISTS, Set.of());
    }
    return switch (word()) {
      case "in" -> new LabelRequirement(key, Operator.IN, set());
      case "notin" -> new LabelRequirement(key, Operator.NOT_IN, set());
      case String other ->
          throw wrong(
              "found '" + other + "', expected: in, notin, =, ==, !=, >, <, ',' or the end");
    };
  }

  private Set<String> set() {
    if (!accept("(")) {
      throw wrong("found '" + rest() + "', expected: '('");
    }
    Set<String> values = new LinkedHashSet<>();
    do {
      values.add(value());
    } while (accept(","));
    if (!accept(")")) {
      throw wrong("found '" + rest() + "', expected: ',' or ')'");
    }
    return values;
  }

  private String key() {
    String key = word();
    int slash = key.indexOf('/');
    String prefix = slash < 0 ? null : key.substring(0, slash);
    String name = key.substring(slash + 1);
    if (key.isEmpty()) {
      throw wrong("found '" + rest() + "', expected: a label key");
    }
    if (!isName(name)
        || (prefix != null
            && (prefix.length() > PREFIX_LENGTH_MAX || !PREFIX.matcher(prefix).matches()))) {
      throw wrong("'" + key + "' is no valid label key");
    }
    return key;
  }

  private String value() {
    String value = word();
    if (!value.isEmpty() && !isName(value)) {
      throw wrong("'" + value + "' is no valid label value");
    }
    return value;
  }

  private String number() {
    String value = word();
    try {
      return Long.toString(Long.parseLong(value));
    } catch (NumberFormatException notANumber) {
      throw wrong("for 'Gt', 'Lt' operators, the value must be an integer, not '" + value + "'");
    }
  }

  private static boolean isName(String text) {
    return text.length() <= NAME_LENGTH_MAX && NAME.matcher(text).matches();
  }

  /** The characters up to the next that means something else; may be empty. */
  private String word() {
    skipSpace();
    int start = at;
    while (at < text.length() && "!=<>,() \t\n\r".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private boolean accept(String token) {
    skipSpace();
    if (!text.startsWith(token, at)) {
      return false;
    }
    at += token.length();
    return true;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private String rest() {
    skipSpace();
    return text.substring(at);
  }

  private static ApiFailure wrong(String what) {
    return Failures.badRequest("unable to parse requirement: " + what);
  }
}
