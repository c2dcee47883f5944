package dev.shiplog.api.changes;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.RecordedChange;
import dev.shiplog.topics.journal.UserInfo;

/** Who may see a change: whoever may get the object it is of. */
record Sight(Authorizer authorizer, UserInfo user) {

  boolean sees(RecordedChange recorded) {
    return authorizer.authorize(user, reading(recorded)).allowed();
  }

  private static Attributes reading(RecordedChange recorded) {
    ObjectKey key = ObjectKey.parse(recorded.change().resource(), recorded.change().key());
    boolean itself =
        key.resource().plural().equals("namespaces") && key.resource().group().isEmpty();
    return new Attributes(
        "get",
        key.resource().group(),
        "",
        key.resource().plural(),
        "",
        itself ? key.name() : key.namespace(),
        key.name(),
        "");
  }
}
