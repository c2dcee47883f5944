package dev.shiplog.streams.kit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;

/**
 * Something to tell people about an object: becomes an Event of it. Equal ones are counted on one
 * Event instead of making new ones, and there is a bound on Events per object and time.
 *
 * @param about the object
 * @param aboutType its resource
 * @param severity Normal or Warning
 * @param reason CamelCase, for machines
 * @param message for people
 * @param source who tells it; null for the name that its actor ends with
 * @param after a command of the same reconciliation: it is told once that has taken effect; null
 *     for what is so already
 */
public record EventRequest(
    HasMetadata about,
    ResourceType<?> aboutType,
    Severity severity,
    String reason,
    String message,
    String source,
    CommandRequest after) {

  /** The types an Event can have. */
  public enum Severity {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String text;

    Severity(String text) {
      this.text = text;
    }

    /** As in an Event's {@code type}. */
    public String text() {
      return text;
    }
  }

  public EventRequest {
    Objects.requireNonNull(about);
    Objects.requireNonNull(aboutType);
  }

  public static EventRequest normal(
      ResourceType<?> type, HasMetadata about, String reason, String message) {
    return new EventRequest(about, type, Severity.NORMAL, reason, message, null, null);
  }

  public static EventRequest warning(
      ResourceType<?> type, HasMetadata about, String reason, String message) {
    return new EventRequest(about, type, Severity.WARNING, reason, message, null, null);
  }

  /** The same, told by somebody whose name is not his user's. */
  public EventRequest from(String teller) {
    return new EventRequest(about, aboutType, severity, reason, message, teller, after);
  }

  /** The same, told when a command has taken effect, and not at all if it is refused. */
  public EventRequest after(CommandRequest command) {
    return new EventRequest(about, aboutType, severity, reason, message, source, command);
  }
}
