package dev.shiplog.api.verbs;

import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.store.Store;

/** What verbs are made of. */
public record Parts(
    Store store, Registry registry, ObjectForms forms, Admission admission, Identities identities) {

  /** The same on another store. */
  public Parts on(Store other) {
    return new Parts(other, registry, forms, admission, identities);
  }
}
