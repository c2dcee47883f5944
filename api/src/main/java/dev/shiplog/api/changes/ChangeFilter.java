package dev.shiplog.api.changes;

import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.RecordedChange;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which changes are wanted.
 *
 * @param namespace only of objects in it; empty for all
 * @param fields only where these fields of the Change have these values
 */
public record ChangeFilter(String namespace, FieldSelector fields)
    implements Predicate<RecordedChange> {

  /** The fields that can be selected by. */
  public static final Set<String> FIELDS =
      Set.of(
          "metadata.name",
          "metadata.namespace",
          "operation",
          "object.group",
          "object.resource",
          "object.namespace",
          "object.name",
          "request.verb",
          "request.auditID",
          "request.user.username");

  /**
   * Checks the fields.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code BadRequest} for one that is not offered
   */
  public ChangeFilter {
    for (FieldSelector.Term term : fields.terms()) {
      if (!FIELDS.contains(term.path())) {
        throw Failures.badRequest(
            "changes cannot be selected by the field %s; they can by %s"
                .formatted(term.path(), String.join(", ", FIELDS.stream().sorted().toList())));
      }
    }
  }

  @Override
  public boolean test(RecordedChange recorded) {
    String key = recorded.change().key();
    if (!namespace.isEmpty()
        && !(key.startsWith(namespace) && key.startsWith("/", namespace.length()))) {
      return false;
    }
    return fields.isEverything() || fields.matches(path -> field(recorded, path));
  }

  private static String field(RecordedChange recorded, String path) {
    var change = recorded.change();
    return switch (path) {
      case "metadata.name" -> Long.toString(recorded.revision());
      case "metadata.namespace", "object.namespace" -> subject(recorded).namespace();
      case "operation" -> ChangeObject.operation(change);
      case "object.group" -> change.resource().group();
      case "object.resource" -> change.resource().plural();
      case "object.name" -> subject(recorded).name();
      case "request.verb" -> recorded.origin().verb();
      case "request.auditID" -> recorded.origin().auditId();
      default -> recorded.origin().user().username();
    };
  }

  private static ObjectKey subject(RecordedChange recorded) {
    return ObjectKey.parse(recorded.change().resource(), recorded.change().key());
  }
}
