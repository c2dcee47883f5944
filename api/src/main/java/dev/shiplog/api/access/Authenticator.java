package dev.shiplog.api.access;

import dev.shiplog.topics.journal.UserInfo;
import java.util.Optional;

/** One way to tell who sent a request. */
@FunctionalInterface
public interface Authenticator {

  /**
   * Who sent it; empty if the credentials are none that this authenticator knows, or are not good.
   * Another one may still know them.
   */
  Optional<UserInfo> authenticate(Credentials credentials);
}
