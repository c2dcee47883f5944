package dev.shiplog.agent.proxy;

/** The packet filter did not do what it was told. */
final class PacketFilterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PacketFilterException(String message, Throwable cause) {
    super(message, cause);
  }
}
