package dev.shiplog.api.access;

import dev.shiplog.topics.journal.UserInfo;
import java.util.Optional;

/** One way to tell who sent a request. */
@FunctionalInterface
public interface Authenticator {

  /**
   * Who sent it; empty if the credentials are none that this authenticator knows, or are not good.
   * Another one may still know them.
   *
   * @throws PendingAnswer if another server has to be asked first
   */
  Optional<UserInfo> authenticate(Credentials credentials);

  /** Whether it looks at whom a token is for; the tokens of others are for this server. */
  default boolean knowsAudiences() {
    return false;
  }
}
