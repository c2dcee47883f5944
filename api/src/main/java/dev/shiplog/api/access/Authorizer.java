package dev.shiplog.api.access;

import dev.shiplog.topics.journal.UserInfo;

/**
 * Decides whether an identity may do what it asks. Any thread; must not block: one that has to ask
 * another server throws {@link PendingAnswer}.
 */
@FunctionalInterface
public interface Authorizer {

  /** A decision that is neither allowed nor refused is no opinion: another one may allow. */
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
   * @param refused nobody else may allow it
   * @param reason for people; may be empty
   */
  record Decision(boolean allowed, boolean refused, String reason) {

    public static Decision allow(String reason) {
      return new Decision(true, false, reason);
    }

    /** No opinion. */
    public static Decision deny(String reason) {
      return new Decision(false, false, reason);
    }

    /** No, whatever others say. */
    public static Decision refuse(String reason) {
      return new Decision(false, true, reason);
    }
  }
}
