package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.Authorizer.Decision;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.topics.journal.UserInfo;

/** What every request passes before anything is said to it: who sends it, and may they. */
final class Gate {

  private final Authentication authentication;
  private final Authorizer authorizer;
  private final Impersonation impersonation;
  private final AccessMetrics metrics;

  Gate(Authentication authentication, Authorizer authorizer, AccessMetrics metrics) {
    this.authentication = authentication;
    this.authorizer = authorizer;
    this.impersonation = new Impersonation(authorizer);
    this.metrics = metrics;
  }

  /**
   * Lets a request pass.
   *
   * @return who sent it, or whom they act as
   * @throws dev.shiplog.api.status.ApiFailure {@code Unauthorized} if it has to say who sends it,
   *     {@code Forbidden} if they may not
   */
  UserInfo pass(Exchange exchange, Attributes attributes) {
    exchange.asks(attributes);
    UserInfo sender = sender(exchange, attributes);
    exchange.isFrom(sender);
    UserInfo user = impersonation.apply(exchange.request().headers(), sender);
    exchange.actsAs(user);
    Decision decision = authorizer.authorize(user, attributes);
    metrics.authorized(decision.allowed());
    if (decision.allowed()) {
      return user;
    }
    throw attributes.forbidden(user.username(), decision.reason());
  }

  private UserInfo sender(Exchange exchange, Attributes attributes) {
    UserInfo user = authenticated(exchange);
    if (user.equals(Authentication.ANONYMOUS) && !authentication.admitsAnonymous(attributes)) {
      metrics.authenticated(false);
      throw Failures.failure(Reason.UNAUTHORIZED, "Unauthorized", null);
    }
    metrics.authenticated(true);
    return user;
  }

  private UserInfo authenticated(Exchange exchange) {
    try {
      return authentication.authenticate(exchange.credentials());
    } catch (ApiFailure unknown) {
      metrics.authenticated(false);
      throw unknown;
    }
  }
}
