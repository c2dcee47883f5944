package dev.shiplog.api.access;

import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.topics.journal.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks each authenticator in turn; the first that knows the sender decides. */
public final class Authentication {

  public static final String AUTHENTICATED = "system:authenticated";
  public static final UserInfo ANONYMOUS =
      UserInfo.of("system:anonymous", "system:unauthenticated");

  private final List<Authenticator> authenticators;

  public Authentication(List<Authenticator> authenticators) {
    this.authenticators = List.copyOf(authenticators);
  }

  /**
   * Who sent a request; {@link #ANONYMOUS} if it carries no token and no known certificate.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code Unauthorized} for a token that nobody knows:
   *     its sender is not who they think they are
   */
  public UserInfo authenticate(Credentials credentials) {
    for (Authenticator authenticator : authenticators) {
      Optional<UserInfo> user = authenticator.authenticate(credentials);
      if (user.isPresent()) {
        return authenticated(user.get());
      }
    }
    if (credentials.bearerToken().isPresent()) {
      throw Failures.failure(Reason.UNAUTHORIZED, "Unauthorized", null);
    }
    return ANONYMOUS;
  }

  private static UserInfo authenticated(UserInfo user) {
    if (user.groups().contains(AUTHENTICATED)) {
      return user;
    }
    List<String> groups = new ArrayList<>(user.groups());
    groups.add(AUTHENTICATED);
    return new UserInfo(user.username(), user.uid(), groups, user.extra());
  }
}
