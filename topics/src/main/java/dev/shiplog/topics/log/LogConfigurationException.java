package dev.shiplog.topics.log;

/** The log's topics or settings are not what they must be; repeating the call does not help. */
public final class LogConfigurationException extends LogException {

  private static final long serialVersionUID = 1L;

  public LogConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }

  public LogConfigurationException(String message) {
    this(message, null);
  }
}
