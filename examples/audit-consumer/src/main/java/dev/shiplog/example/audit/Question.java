package dev.shiplog.example.audit;

import java.time.Instant;
import java.util.function.Predicate;

/**
 * Which changes somebody wants to know of; what is null or empty does not matter.
 *
 * @param resource plural, with or without its group
 * @param since not before this time
 * @param before only revisions below this one; null for all
 * @param code answered with this; null for any
 */
public record Question(
    String user,
    String verb,
    String resource,
    String namespace,
    String name,
    Instant since,
    Long before,
    Integer code)
    implements Predicate<Change> {

  @Override
  public boolean test(Change change) {
    return is(user, change.user())
        && is(verb, change.verb())
        && isResource(change.resource())
        && is(namespace, change.namespace())
        && is(name, change.name())
        && (since == null || !change.when().isBefore(since))
        && (before == null || change.revision() < before)
        && (code == null || change.code() == code);
  }

  private static boolean is(String wanted, String found) {
    return wanted == null || wanted.isEmpty() || wanted.equals(found);
  }

  private boolean isResource(String found) {
    return is(resource, found) || found.startsWith(resource + ".");
  }
}
