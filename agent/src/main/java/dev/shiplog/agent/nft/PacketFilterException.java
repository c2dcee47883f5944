package dev.shiplog.agent.nft;

/** The packet filter did not do what it was told. */
public final class PacketFilterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PacketFilterException(String message, Throwable cause) {
    super(message, cause);
  }
}
