package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.projection.DrivenProjection;
import dev.shiplog.topics.log.LogException;
import dev.shiplog.topics.log.LogUnavailableException;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The projection of a simulated cluster, and the one before it, which was fenced and may not know
 * it: the dice say what goes wrong with them. The simulation's thread.
 */
final class SimulatedProjections {

  private final InMemoryTopicLog log;
  private final Random random;
  private final Duration history;
  private final LongSupplier nanos;
  private DrivenProjection projection;
  private DrivenProjection fenced;
  private InMemoryTopicLog connection;

  SimulatedProjections(InMemoryTopicLog log, Random random, Duration history, LongSupplier nanos) {
    this.log = log;
    this.random = random;
    this.history = history;
    this.nanos = nanos;
  }

  /** As much as a projection does in a turn; sometimes another server's, which fences it. */
  void step() {
    try {
      if (projection == null || random.nextInt(4) == 0) {
        fenced = projection;
        open();
        stepFenced();
      }
      projection.step();
      stepFenced();
    } catch (LogUnavailableException e) {
      end();
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(LogUnavailableException.class);
      end();
    }
  }

  /** Another server's does all there is to do. */
  void project() {
    open();
    projection.step();
  }

  /** Something goes wrong with what it does next. */
  void disturb() {
    if (connection == null) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> connection.faults().failNextAppend(anyTopic());
      case 1 -> connection.faults().failNextCommit();
      case 2 -> connection.faults().loseNextCommitAnswer();
      default -> projection = null;
    }
  }

  /** One of the topics that are projected. */
  String anyTopic() {
    return switch (random.nextInt(4)) {
      case 0 -> TestStore.NAMES.store(TestStore.PODS);
      case 1 -> TestStore.NAMES.audit();
      case 2 -> TestStore.NAMES.assignments();
      default -> TestStore.NAMES.checkpoint();
    };
  }

  /** Their processes end. */
  void die() {
    projection = null;
    fenced = null;
  }

  /** One that was paused and does not know of its successor: what it does has no effect. */
  private void stepFenced() {
    if (fenced == null || random.nextBoolean()) {
      return;
    }
    try {
      fenced.step();
    } catch (LogException _) {
      fenced = null;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(LogException.class);
      fenced = null;
    }
  }

  private void open() {
    connection = log.connect();
    projection =
        new DrivenProjection(
            connection,
            TestStore.NAMES,
            TestStore.ASSIGNMENT_PARTITIONS,
            1 + random.nextInt(10),
            history,
            () -> Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong())));
  }

  /** It gives up what it has begun; or its process died, and it is open until another one comes. */
  private void end() {
    if (random.nextBoolean() && projection != null) {
      projection.close();
    }
    projection = null;
  }
}
