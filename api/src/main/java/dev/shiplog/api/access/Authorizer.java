package dev.shiplog.api.access;

import dev.shiplog.topics.journal.UserInfo;

/** Decides whether an identity may do what it asks. Any thread; must not block. */
@FunctionalInterface
public interface Authorizer {

  /** A decision that is not allowed is no opinion: another authorizer may allow. */
  Decision authorize(UserInfo user, Attributes attributes);

  /**
   * The rules that allow a user something.
   *
   * @param namespace where; rules for the whole cluster are among them
   */
  default UserRules rules(UserInfo user, String namespace) {
    return UserRules.NONE;
  }

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
