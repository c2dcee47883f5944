package dev.shiplog.streams.kit.core;

import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * How a process becomes the one whose commands count: it asks to begin a generation, and once that
 * took effect and all that was decided before has been read, it is active. A begin without an
 * outcome is asked for again with a higher generation. Who sees a higher generation of its own
 * application take effect has a successor and falls silent; if it is still being run some time
 * later, the successor is gone and it begins anew.
 */
final class Activation {

  static final Duration BEGIN_TIMEOUT = Duration.ofSeconds(5);
  static final Duration DEPOSED_LIMIT = Duration.ofSeconds(15);

  private static final Logger LOG = Logger.getLogger(Activation.class);

  private final String application;
  private final CatchUp catchUp;
  private State state = new Inactive();
  private long highestSeen;

  /** What the process is in. */
  private sealed interface State {}

  private record Inactive() implements State {}

  private record Beginning(long generation, int attempt, Instant retryAt) implements State {}

  private record CatchingUp(long generation) implements State {}

  private record Active(long generation) implements State {}

  private record Deposed(Instant retryAt) implements State {}

  Activation(String application, CatchUp catchUp) {
    this.application = application;
    this.catchUp = catchUp;
  }

  boolean isActive() {
    return state instanceof Active;
  }

  /** The generation in force; only while active. */
  long generation() {
    if (state instanceof Active(long generation)) {
      return generation;
    }
    throw new IllegalStateException(application + " is not active: " + state);
  }

  /** Asks to begin. */
  Command begin(Instant now) {
    return begin(now, 0);
  }

  /** Takes in an outcome of the application, of whatever generation; perhaps begins again. */
  Optional<Command> onOutcome(Outcome outcome, Instant now) {
    boolean tookEffect = outcome.result().code() < 300;
    if (tookEffect) {
      highestSeen = Math.max(highestSeen, outcome.generation());
    }
    return switch (state) {
      case Beginning beginning when beginning.generation() == outcome.generation() ->
          onBegun(beginning, tookEffect, outcome, now);
      case CatchingUp(long generation) when tookEffect && outcome.generation() > generation ->
          deposed(outcome.generation(), now);
      case Active(long generation) when tookEffect && outcome.generation() > generation ->
          deposed(outcome.generation(), now);
      case Inactive _, Beginning _, CatchingUp _, Active _, Deposed _ -> Optional.empty();
    };
  }

  private Optional<Command> onBegun(
      Beginning beginning, boolean tookEffect, Outcome outcome, Instant now) {
    if (!tookEffect) {
      LOG.infof(
          "%s: generation %d was refused: %s",
          application, beginning.generation(), outcome.result().message());
      return Optional.of(begin(now, beginning.attempt() + 1));
    }
    catchUp.start();
    state = new CatchingUp(beginning.generation());
    return Optional.empty();
  }

  private Optional<Command> deposed(long successor, Instant now) {
    LOG.infof("%s: generation %d took over", application, successor);
    state = new Deposed(now.plus(DEPOSED_LIMIT));
    return Optional.empty();
  }

  /** Perhaps becomes active, perhaps begins again. */
  Optional<Command> onTime(Instant now) {
    return switch (state) {
      case CatchingUp(long generation) -> {
        if (catchUp.done()) {
          LOG.infof("%s: active with generation %d", application, generation);
          state = new Active(generation);
        }
        yield Optional.empty();
      }
      case Beginning beginning when !now.isBefore(beginning.retryAt()) ->
          Optional.of(begin(now, beginning.attempt() + 1));
      case Deposed(Instant retryAt) when !now.isBefore(retryAt) -> Optional.of(begin(now, 0));
      case Inactive _, Beginning _, Active _, Deposed _ -> Optional.empty();
    };
  }

  /**
   * Generations follow the clock, so that a process that knows nothing of its predecessors finds a
   * higher one; the leap that doubles with each attempt gets past a clock that was ahead.
   */
  private Command begin(Instant now, int attempt) {
    long leap = attempt == 0 ? 0 : 1000L << Math.min(attempt, 40);
    long generation = Math.max(now.toEpochMilli(), highestSeen + 1) + leap;
    Duration patience = BEGIN_TIMEOUT.multipliedBy(Math.min(attempt + 1, 6));
    state = new Beginning(generation, attempt, now.plus(patience));
    return new Command(
        "begin",
        application,
        generation,
        "system:serviceaccount:kube-system:" + application,
        Verb.BEGIN,
        null,
        null,
        null,
        null);
  }

  @Override
  public String toString() {
    return state.toString();
  }
}
