package dev.shiplog.streams.kit.testing;

/** What the server answers instead of doing what was asked. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;

  Refusal(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  int code() {
    return code;
  }

  String reason() {
    return reason;
  }

  static Refusal notFound(String what) {
    return new Refusal(404, "NotFound", what + " not found");
  }

  static Refusal alreadyExists(String what) {
    return new Refusal(409, "AlreadyExists", what + " already exists");
  }

  static Refusal conflict(String what) {
    return new Refusal(409, "Conflict", what + " has changed");
  }
}
