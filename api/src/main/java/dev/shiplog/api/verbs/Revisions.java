package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.StoredObject;

/** What a client demands of the object it wants to change. */
final class Revisions {

  private Revisions() {}

  /** Refuses an object whose uid or resourceVersion is set and is not that of the stored one. */
  static void requireCurrent(Target target, ObjectNode sent, StoredObject stored) {
    requireUid(target, Meta.uid(sent), stored);
    String version = Meta.resourceVersion(sent);
    if (!version.isEmpty() && !version.equals("0") && parse(version) != stored.revision()) {
      throw target.stale();
    }
  }

  /**
   * Refuses an object with another uid.
   *
   * @param uid empty for any
   */
  static void requireUid(Target target, String uid, StoredObject stored) {
    if (!uid.isEmpty() && !uid.equals(stored.uid())) {
      throw target.conflict(
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(uid, stored.uid()));
    }
  }

  /**
   * A revision from its text.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code BadRequest} if it is none
   */
  static long parse(String version) {
    try {
      long revision = Long.parseLong(version);
      if (revision >= 0) {
        return revision;
      }
    } catch (NumberFormatException notANumber) {
      // said below
    }
    throw Failures.badRequest("resource version \"" + version + "\" is not a revision");
  }
}
