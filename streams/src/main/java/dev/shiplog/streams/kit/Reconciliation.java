package dev.shiplog.streams.kit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of looking at a key.
 *
 * @param commands in the order they are to be sent; the key rests until they are settled
 * @param events what to tell people, at once or after a command; the key does not wait for them
 * @param requeueAfter look again after this time even if nothing changes
 */
public record Reconciliation(
    List<CommandRequest> commands, List<EventRequest> events, Optional<Duration> requeueAfter) {

  private static final Reconciliation NOTHING =
      new Reconciliation(List.of(), List.of(), Optional.empty());

  public Reconciliation {
    commands = List.copyOf(commands);
    events = List.copyOf(events);
  }

  public static Reconciliation nothing() {
    return NOTHING;
  }

  public static Reconciliation of(CommandRequest... commands) {
    return new Reconciliation(List.of(commands), List.of(), Optional.empty());
  }

  public static Reconciliation of(List<CommandRequest> commands) {
    return new Reconciliation(commands, List.of(), Optional.empty());
  }

  public static Reconciliation after(Duration time) {
    return new Reconciliation(List.of(), List.of(), Optional.of(time));
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects commands and events in the order they come up. */
  public static final class Builder {
    private final List<CommandRequest> commands = new ArrayList<>();
    private final List<EventRequest> events = new ArrayList<>();
    private Optional<Duration> requeueAfter = Optional.empty();

    private Builder() {}

    public Builder command(CommandRequest command) {
      commands.add(command);
      return this;
    }

    /** A command, and what to tell people once it has taken effect. */
    public Builder command(CommandRequest command, EventRequest then) {
      return command(command).event(then.after(command));
    }

    public Builder event(EventRequest event) {
      events.add(event);
      return this;
    }

    /** Of several times the shortest counts. */
    public Builder requeueAfter(Duration time) {
      if (requeueAfter.isEmpty() || time.compareTo(requeueAfter.get()) < 0) {
        requeueAfter = Optional.of(time);
      }
      return this;
    }

    public boolean hasCommands() {
      return !commands.isEmpty();
    }

    public Reconciliation build() {
      return new Reconciliation(commands, events, requeueAfter);
    }
  }
}
