package dev.shiplog.api.selector;

import dev.shiplog.api.status.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A field selector: all of its terms must hold. Which fields a resource offers is the registry's
 * business; here a field is a path and a text.
 *
 * @param terms none: everything matches
 */
public record FieldSelector(List<Term> terms) {

  public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  public FieldSelector {
    terms = List.copyOf(terms);
  }

  /**
   * A field that must, or must not, have a value.
   *
   * @param path for example {@code spec.nodeName}
   * @param equal false for {@code !=}
   * @param value the empty text also means absent
   */
  public record Term(String path, boolean equal, String value) {
    @Override
    public String toString() {
      return path + (equal ? "=" : "!=") + escaped(value);
    }
  }

  /**
   * Reads Kubernetes' text form, for example {@code status.phase!=Running,spec.nodeName=a}; a
   * backslash makes a following comma, equals sign or backslash part of the value.
   *
   * @param text null or empty for {@link #EVERYTHING}
   * @throws dev.shiplog.api.status.ApiFailure {@code BadRequest}
   */
  public static FieldSelector parse(String text) {
    if (text == null || text.isBlank()) {
      return EVERYTHING;
    }
    List<Term> terms = new ArrayList<>();
    for (String term : split(text)) {
      if (!term.isEmpty()) {
        terms.add(term(term, text));
      }
    }
    return new FieldSelector(terms);
  }

  /** The values that fields must have, by path. */
  public Map<String, String> demanded() {
    return terms.stream()
        .filter(Term::equal)
        .collect(Collectors.toMap(Term::path, Term::value, (one, other) -> one));
  }

  /**
   * Whether an object matches.
   *
   * @param field gives the value at a path, or the empty text
   */
  public boolean matches(Function<String, String> field) {
    for (int i = 0; i < terms.size(); i++) {
      Term term = terms.get(i);
      if (term.value().equals(field.apply(term.path())) != term.equal()) {
        return false;
      }
    }
    return true;
  }

  public boolean isEverything() {
    return terms.isEmpty();
  }

  @Override
  public String toString() {
    return terms.stream().map(Term::toString).collect(Collectors.joining(","));
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == ',') {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static Term term(String text, String whole) {
    int at = text.indexOf('=');
    if (at <= 0) {
      throw Failures.badRequest(
          "invalid selector: '" + whole + "'; can't understand '" + text + "'");
    }
    boolean not = text.charAt(at - 1) == '!';
    boolean twice = !not && text.startsWith("==", at);
    String path = text.substring(0, not ? at - 1 : at).strip();
    return new Term(path, !not, unescaped(text.substring(at + (twice ? 2 : 1)), whole));
  }

  private static String unescaped(String value, String whole) {
    StringBuilder out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        i++;
        if (i == value.length() || "\\,=".indexOf(value.charAt(i)) < 0) {
          throw Failures.badRequest(
              "invalid field selector: '" + whole + "': a backslash must precede \\ , or =");
        }
        out.append(value.charAt(i));
      } else if (c == '=') {
        throw Failures.badRequest(
            "invalid field selector: '" + whole + "': '=' in a value must be escaped");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
  }
}
