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
  private static final String UNAUTHENTICATED = "system:unauthenticated";

  public static final UserInfo ANONYMOUS = UserInfo.of("system:anonymous", UNAUTHENTICATED);

  /** Who may say nothing of who they are. */
  public enum Anonymous {
    NOBODY,
    /** Whoever asks for the server's health. */
    HEALTH,
    ANYBODY
  }

  private final List<Authenticator> authenticators;
  private final Anonymous anonymous;

  public Authentication(List<Authenticator> authenticators, Anonymous anonymous) {
    this.authenticators = List.copyOf(authenticators);
    this.anonymous = anonymous;
  }

  /** Whether a request about this may come from nobody in particular. */
  public boolean admitsAnonymous(Attributes attributes) {
    return switch (anonymous) {
      case NOBODY -> false;
      case HEALTH -> HealthPaths.contain(attributes.path());
      case ANYBODY -> true;
    };
  }

  /**
   * Who sent a request; {@link #ANONYMOUS} if it carries no token and no known certificate.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code Unauthorized} for a token that nobody knows:
   *     its sender is not who they think they are
   */
  public UserInfo authenticate(Credentials credentials) {
    for (Authenticator authenticator : authenticators) {
      Optional<UserInfo> user =
          credentials.isForThisServer() || authenticator.knowsAudiences()
              ? authenticator.authenticate(credentials)
              : Optional.empty();
      if (user.isPresent()) {
        return authenticated(user.get());
      }
    }
    if (credentials.bearerToken().isPresent()) {
      throw Failures.failure(Reason.UNAUTHORIZED, "Unauthorized", null);
    }
    return ANONYMOUS;
  }

  /** The user as one who showed who it is. */
  public static UserInfo authenticated(UserInfo user) {
    if (user.groups().contains(AUTHENTICATED) || user.groups().contains(UNAUTHENTICATED)) {
      return user;
    }
    List<String> groups = new ArrayList<>(user.groups());
    groups.add(AUTHENTICATED);
    return new UserInfo(user.username(), user.uid(), groups, user.extra());
  }
}
