package dev.shiplog.example.audit;

import java.time.Instant;
import java.util.function.Predicate;

/**
 * Which changes somebody wants to know of; what is null or empty does not matter.
 *
 * @param resource plural, with or without its group
 */
public record Question(
    String user, String verb, String resource, String namespace, String name, Instant since)
    implements Predicate<Change> {

  @Override
  public boolean test(Change change) {
    return is(user, change.user())
        && is(verb, change.verb())
        && isResource(change.resource())
        && is(namespace, change.namespace())
        && is(name, change.name())
        && (since == null || !change.when().isBefore(since));
  }

  private static boolean is(String wanted, String found) {
    return wanted == null || wanted.isEmpty() || wanted.equals(found);
  }

  private boolean isResource(String found) {
    return is(resource, found) || found.startsWith(resource + ".");
  }
}
