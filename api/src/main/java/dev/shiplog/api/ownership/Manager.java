package dev.shiplog.api.ownership;

import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import java.util.List;

/**
 * Who owns fields, and how that came about: what tells entries of managedFields apart.
 *
 * @param name of the field manager
 * @param apiVersion in which the fields are named; for an applier it does not tell entries apart
 * @param subresource through which it writes; empty for the object itself
 */
public record Manager(String name, Operation operation, String apiVersion, String subresource) {

  private static final int LONGEST_NAME = 128;

  /** How fields came to be owned. */
  public enum Operation {
    APPLY("Apply"),
    UPDATE("Update");

    private final String text;

    Operation(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** A writer that says its name, or else is called by its program. */
  public static Manager updating(
      String fieldManager, String userAgent, String apiVersion, String subresource) {
    String name = fieldManager.isEmpty() ? programOf(userAgent) : fieldManager;
    return new Manager(
        name.isEmpty() ? "unknown" : name, Operation.UPDATE, apiVersion, subresource);
  }

  public static Manager applying(String fieldManager, String apiVersion, String subresource) {
    return new Manager(fieldManager, Operation.APPLY, apiVersion, subresource);
  }

  /** What a User-Agent starts with, up to its version. */
  private static String programOf(String userAgent) {
    int slash = userAgent.indexOf('/');
    String program = slash < 0 ? userAgent : userAgent.substring(0, slash);
    StringBuilder name = new StringBuilder();
    program
        .codePoints()
        .filter(c -> !Character.isISOControl(c))
        .limit(LONGEST_NAME)
        .forEach(name::appendCodePoint);
    return name.toString();
  }

  /**
   * Refuses a name that cannot be kept.
   *
   * @param options kind of the options it came in
   * @throws dev.shiplog.api.status.ApiFailure {@code Invalid}
   */
  public static void checkName(String name, String options) {
    boolean printable = name.codePoints().noneMatch(Character::isISOControl);
    if (name.length() > LONGEST_NAME || !printable) {
      throw Failures.invalid(
          "meta.k8s.io",
          options,
          "",
          List.of(
              new StatusCause(
                  "FieldValueInvalid",
                  printable
                      ? "Too long: may not be more than %d bytes".formatted(LONGEST_NAME)
                      : "Invalid value: \"\": should only contain printable characters",
                  "fieldManager")));
    }
  }

  /** Whether both stand for one entry. */
  boolean isSame(Manager other) {
    return name.equals(other.name)
        && operation == other.operation
        && subresource.equals(other.subresource)
        && (operation == Operation.APPLY || apiVersion.equals(other.apiVersion));
  }

  /** As a conflict names it. */
  String described() {
    String through = subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"";
    String using = operation == Operation.UPDATE ? " using " + apiVersion : "";
    return "\"" + name + "\"" + through + using;
  }
}
