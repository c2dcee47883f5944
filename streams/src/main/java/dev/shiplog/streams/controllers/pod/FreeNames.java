package dev.shiplog.streams.controllers.pod;

import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.ResourceView;
import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Names for the next objects of an owner: derived from its uid, not in use, and not lately used
 * either. From the same view come the same names. For one look, in one thread.
 */
public final class FreeNames {

  private final ResourceView<?> view;
  private final HasMetadata owner;
  private int ordinal;

  public FreeNames(ResourceView<?> view, HasMetadata owner) {
    this.view = view;
    this.owner = owner;
  }

  /** The next one, beginning with the owner's name. */
  public String next() {
    return next(owner.getMetadata().getName() + "-");
  }

  /** The next one, beginning with a prefix that ends in a dash. */
  public String next(String prefix) {
    while (true) {
      String name = NameSuffixes.name(prefix, owner.getMetadata().getUid(), ordinal++);
      String key = ObjectKeys.key(owner.getMetadata().getNamespace(), name);
      if (view.get(key).isEmpty() && !view.recentlyDeleted(key)) {
        return name;
      }
    }
  }
}
