package dev.shiplog.scheduler.config;

/** A configuration that cannot be used; the message names the field. */
public final class InvalidConfiguration extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public InvalidConfiguration(String field, String problem) {
    super(field + ": " + problem);
  }
}
