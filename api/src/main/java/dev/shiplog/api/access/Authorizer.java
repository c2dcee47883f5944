package dev.shiplog.api.access;

import dev.shiplog.topics.journal.UserInfo;

/** Decides whether an identity may do what it asks. Any thread; must not block. */
@FunctionalInterface
public interface Authorizer {

  Decision authorize(UserInfo user, Attributes attributes);

  /**
   * An answer and why.
   *
   * @param reason for people; may be empty
   */
  record Decision(boolean allowed, String reason) {

    public static Decision allow(String reason) {
      return new Decision(true, reason);
    }

    public static Decision deny(String reason) {
      return new Decision(false, reason);
    }
  }
}
