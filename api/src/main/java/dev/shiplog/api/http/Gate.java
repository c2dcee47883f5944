package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.Authorizer.Decision;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.topics.journal.UserInfo;

/** What every request passes before anything is said to it: who sends it, and may they. */
final class Gate {

  private final Authentication authentication;
  private final Authorizer authorizer;

  Gate(Authentication authentication, Authorizer authorizer) {
    this.authentication = authentication;
    this.authorizer = authorizer;
  }

  /**
   * Lets a request pass.
   *
   * @return who sent it
   * @throws dev.shiplog.api.status.ApiFailure {@code Unauthorized} if it has to say who sends it,
   *     {@code Forbidden} if they may not
   */
  UserInfo pass(Exchange exchange, Attributes attributes) {
    UserInfo user = authentication.authenticate(exchange.credentials());
    Decision decision = authorizer.authorize(user, attributes);
    if (decision.allowed()) {
      return user;
    }
    if (user.equals(Authentication.ANONYMOUS)) {
      throw Failures.failure(Reason.UNAUTHORIZED, "Unauthorized", null);
    }
    throw attributes.forbidden(user.username(), decision.reason());
  }
}
