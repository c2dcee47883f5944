package dev.shiplog.api.access.oidc;

/** Why a token with a good signature is not taken. Says nothing of what is in the token. */
final class NotAcceptedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotAcceptedException(String message) {
    super(message, null, false, false);
  }
}
