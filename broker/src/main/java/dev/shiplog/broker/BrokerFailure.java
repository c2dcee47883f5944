package dev.shiplog.broker;

/** The broker cannot start or stop; the message says why and is for the operator. */
public final class BrokerFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokerFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
