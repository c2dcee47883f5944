package dev.shiplog.api.schema.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Forms of names. Each method gives what is wrong with a name, in words for the user; an empty list
 * if nothing is.
 */
public final class Names {

  /** A form of names. */
  @FunctionalInterface
  public interface Form {
    List<String> problems(String name);
  }

  private static final int LABEL_LENGTH = 63;
  private static final int SUBDOMAIN_LENGTH = 253;
  private static final int PORT_NAME_LENGTH = 15;

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern LABEL_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern WILDCARD =
      Pattern.compile("\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern QUALIFIED_PART =
      Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final Pattern PORT_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
  private static final Pattern ENVIRONMENT = Pattern.compile("[ -<>-~]+");
  private static final Pattern C_IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private Names() {}

  /** A lower-case RFC 1123 subdomain, the form of most names. */
  public static List<String> subdomain(String name) {
    return matching(
        name,
        SUBDOMAIN,
        SUBDOMAIN_LENGTH,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
            + " '.', and must start and end with an alphanumeric character");
  }

  /** A lower-case RFC 1123 label. */
  public static List<String> label(String name) {
    return matching(
        name,
        LABEL,
        LABEL_LENGTH,
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
            + " must start and end with an alphanumeric character");
  }

  /** A label that starts with a letter. */
  public static List<String> label1035(String name) {
    return matching(
        name,
        LABEL_1035,
        LABEL_LENGTH,
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
            + " alphabetic character, and end with an alphanumeric character");
  }

  /** A subdomain whose first label may be {@code *}. */
  public static List<String> wildcard(String name) {
    return matching(
        name,
        WILDCARD,
        SUBDOMAIN_LENGTH,
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain");
  }

  /** What fits between two slashes of a URL. */
  public static List<String> pathSegment(String name) {
    if (name.equals(".") || name.equals("..")) {
      return List.of("may not be '" + name + "'");
    }
    List<String> problems = new ArrayList<>();
    for (String illegal : List.of("/", "%")) {
      if (name.contains(illegal)) {
        problems.add("may not contain '" + illegal + "'");
      }
    }
    return problems;
  }

  /** {@code name} or {@code prefix/name}: keys of labels and annotations, names of resources. */
  public static List<String> qualified(String name) {
    List<String> problems = new ArrayList<>();
    int slash = name.indexOf('/');
    if (slash != name.lastIndexOf('/')) {
      return List.of("a qualified name may hold one '/', after a DNS subdomain prefix");
    }
    if (slash >= 0) {
      String prefix = name.substring(0, slash);
      if (prefix.isEmpty()) {
        problems.add("prefix part must be non-empty");
      } else {
        subdomain(prefix).forEach(p -> problems.add("prefix part " + p));
      }
    }
    String part = name.substring(slash + 1);
    if (part.isEmpty()) {
      problems.add("name part must be non-empty");
    } else {
      matching(
              part,
              QUALIFIED_PART,
              LABEL_LENGTH,
              "must consist of alphanumeric characters, '-', '_' or '.', and must start and end"
                  + " with an alphanumeric character")
          .forEach(p -> problems.add("name part " + p));
    }
    return problems;
  }

  public static List<String> labelValue(String value) {
    return value.isEmpty()
        ? List.of()
        : matching(
            value,
            QUALIFIED_PART,
            LABEL_LENGTH,
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_'"
                + " or '.', and must start and end with an alphanumeric character");
  }

  /** The name of a port of a container. */
  public static List<String> portName(String name) {
    List<String> problems =
        new ArrayList<>(
            matching(
                name,
                PORT_NAME,
                PORT_NAME_LENGTH,
                "must contain only alpha-numeric characters (a-z, 0-9) and single hyphens between"
                    + " them"));
    if (name.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
      problems.add("must contain at least one letter (a-z)");
    }
    return problems;
  }

  /** A key of a ConfigMap or Secret. */
  public static List<String> configKey(String key) {
    List<String> problems =
        new ArrayList<>(
            matching(
                key,
                CONFIG_KEY,
                SUBDOMAIN_LENGTH,
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"));
    if (key.equals(".") || key.startsWith("..")) {
      problems.add("must not be '.' or start with '..'");
    }
    return problems;
  }

  /** The name of an environment variable: printable ASCII without the equals sign. */
  public static List<String> environment(String name) {
    return ENVIRONMENT.matcher(name).matches()
        ? List.of()
        : List.of(
            "a valid environment variable name must consist only of printable ASCII characters"
                + " other than '='");
  }

  public static List<String> identifier(String name) {
    return C_IDENTIFIER.matcher(name).matches()
        ? List.of()
        : List.of("must be a valid C identifier: letters, digits and '_', no digit first");
  }

  private static List<String> matching(String name, Pattern form, int longest, String otherwise) {
    List<String> problems = new ArrayList<>();
    if (name.length() > longest) {
      problems.add("must be no more than " + longest + " characters");
    }
    // The patterns do not backtrack far, but there is no point in matching a megabyte either.
    if (name.length() <= SUBDOMAIN_LENGTH && !form.matcher(name).matches()) {
      problems.add(otherwise + " (regex used for validation is '" + form.pattern() + "')");
    }
    return problems;
  }
}
