package dev.shiplog.api.verbs;

import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.store.CommitStore;

/** What verbs are made of. */
public record Parts(
    CommitStore store,
    Registry registry,
    ObjectForms forms,
    Admission admission,
    Identities identities) {

  /** The same on another store. */
  public Parts on(CommitStore other) {
    return new Parts(other, registry, forms, admission, identities);
  }
}
