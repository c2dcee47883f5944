package dev.shiplog.api.request;

import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.selector.LabelSelector;
import dev.shiplog.api.store.StoredObject;

/** Which objects of a resource a request is about. */
public record Selection(LabelSelector labels, FieldSelector fields) {

  public static final Selection EVERYTHING =
      new Selection(LabelSelector.EVERYTHING, FieldSelector.EVERYTHING);

  public boolean isEverything() {
    return labels.isEverything() && fields.isEverything();
  }

  /** Whether the object is selected. */
  public boolean matches(StoredObject object) {
    return labels.matches(object.labels())
        && (fields.isEverything() || fields.matches(path -> field(object, path)));
  }

  /** A definition may offer another field at any time, so these are not kept with the object. */
  private static String selectable(StoredObject object, String path) {
    return object.tree().at("/" + path.replace('.', '/')).asText("");
  }

  private static String field(StoredObject object, String path) {
    return switch (path) {
      case "metadata.name" -> object.key().name();
      case "metadata.namespace" -> object.key().namespace();
      default ->
          object.key().resource().uid().isEmpty()
              ? object.fields().getOrDefault(path, "")
              : selectable(object, path);
    };
  }
}
