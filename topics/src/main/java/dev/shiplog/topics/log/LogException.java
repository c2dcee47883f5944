package dev.shiplog.topics.log;

/** The log refused or failed; the subclass says what a caller may conclude. */
public abstract sealed class LogException extends RuntimeException
    permits LogUnavailableException,
        LogConfigurationException,
        FencedException,
        OffsetLostException,
        RecordTooLargeException {

  private static final long serialVersionUID = 1L;

  LogException(String message, Throwable cause) {
    super(message, cause);
  }
}
