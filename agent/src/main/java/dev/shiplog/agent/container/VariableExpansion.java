package dev.shiplog.agent.container;

import java.util.Map;

/**
 * Kubernetes' {@code $(NAME)}: replaced by the variable's value, left as it is where there is no
 * such variable. {@code $$} is one dollar sign, so {@code $$(NAME)} is the text {@code $(NAME)}.
 */
final class VariableExpansion {

  private VariableExpansion() {}

  static String expand(String text, Map<String, String> variables) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '$' && at + 1 < text.length()) {
        at = expandDollar(text, at + 1, variables, out);
      } else {
        out.append(c);
        at++;
      }
    }
    return out.toString();
  }

  /** Handles what follows a dollar sign at {@code next}; returns where to go on. */
  private static int expandDollar(
      String text, int next, Map<String, String> variables, StringBuilder out) {
    char c = text.charAt(next);
    if (c == '$') {
      out.append('$');
      return next + 1;
    }
    int end = c == '(' ? text.indexOf(')', next) : -1;
    if (end < 0) {
      out.append('$').append(c);
      return next + 1;
    }
    String name = text.substring(next + 1, end);
    out.append(variables.getOrDefault(name, "$(" + name + ")"));
    return end + 1;
  }
}
