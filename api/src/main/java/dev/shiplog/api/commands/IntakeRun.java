package dev.shiplog.api.commands;

import dev.shiplog.api.commands.CommandAttempt.Ended;
import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogSource;
import dev.shiplog.topics.log.OffsetLostException;
import dev.shiplog.topics.log.OffsetRange;
import dev.shiplog.topics.log.StoredRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Reads the commands topic from the lowest command that is not decided, and has each command
 * decided that is not. It remembers nothing that the applied state does not say, so it may end
 * anywhere and another may begin, even while this one is still at it. One thread; attempts end on
 * others and leave their end in the inbox, which holds no more than are under way.
 */
final class IntakeRun implements LeaderTask.Run {

  private static final Logger LOG = Logger.getLogger(IntakeRun.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int INTERNAL_ERROR = 500;

  /** Long enough for an entry of another leader to arrive. */
  private static final int UNANSWERED_TRIES = 100;

  private final LogSource log;
  private final Partition partition;
  private final String topicId;
  private final Supplier<CommandLedger> ledger;
  private final CommandAttempt attempts;
  private final Duration retryAfter;
  private final InstantSource clock;
  private final LogReader reader;
  private final Deque<StoredRecord> unread = new ArrayDeque<>();
  private final CommandLanes lanes = new CommandLanes();
  private final PriorityQueue<Retry> retries =
      new PriorityQueue<>(Comparator.comparingLong(Retry::atMs));
  private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();

  IntakeRun(
      LogSource log,
      String topic,
      Supplier<CommandLedger> ledger,
      CommandAttempt attempts,
      Duration retryAfter,
      InstantSource clock) {
    this.log = log;
    this.partition = Partition.only(topic);
    this.topicId =
        log.topicId(topic)
            .orElseThrow(() -> new IllegalStateException("there is no topic " + topic));
    this.ledger = ledger;
    this.attempts = attempts;
    this.retryAfter = retryAfter;
    this.clock = clock;
    long start = start();
    this.reader = log.openReader(Isolation.READ_COMMITTED);
    this.reader.assign(Map.of(partition, start));
  }

  private record Retry(long atMs, Runnable attempt) {}

  @Override
  public void step() {
    settle();
    retry();
    admit();
    if (unread.isEmpty()) {
      read();
    } else {
      awaitEnd();
    }
  }

  @Override
  public void wakeup() {
    reader.wakeup();
    inbox.add(() -> {});
  }

  @Override
  public void close() {
    reader.close();
  }

  private long start() {
    OffsetRange range = log.range(partition, Isolation.READ_UNCOMMITTED);
    long undecided = ledger.get().lowestUndecided(topicId);
    if (undecided > range.end()) {
      throw new IllegalStateException(
          "topic %s ends at offset %d, but commands up to %d were decided: it lost records, most likely with the power. Delete the topic and start again; controllers send anew what is missing"
              .formatted(partition.topic(), range.end(), undecided));
    }
    if (undecided < range.start()) {
      LOG.infof(
          "commands before offset %d of %s expired; those that were not decided are sent anew by"
              + " the controllers",
          range.start(), partition.topic());
    }
    return Math.max(undecided, range.start());
  }

  private void settle() {
    for (Runnable end = inbox.poll(); end != null; end = inbox.poll()) {
      end.run();
    }
  }

  private void retry() {
    long now = clock.millis();
    while (!retries.isEmpty() && retries.peek().atMs() <= now) {
      retries.remove().attempt().run();
    }
  }

  private void admit() {
    while (!unread.isEmpty() && lanes.hasRoomFor(unread.peek().offset())) {
      ReadCommand command = ReadCommand.of(topicId, unread.remove());
      if (!ledger.get().isDecided(command.ref()) && lanes.add(command)) {
        carryOut(command);
      }
    }
  }

  private void read() {
    try {
      unread.addAll(reader.poll(untilNextRetry()));
    } catch (OffsetLostException e) {
      long start = log.range(partition, Isolation.READ_UNCOMMITTED).start();
      if (reader.position(partition) >= start) {
        throw e;
      }
      LOG.warnf("commands before offset %d expired before they were read", start);
      reader.assign(Map.of(partition, start));
    }
  }

  private void awaitEnd() {
    try {
      Runnable end = inbox.poll(untilNextRetry().toMillis(), TimeUnit.MILLISECONDS);
      if (end != null) {
        end.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration untilNextRetry() {
    if (retries.isEmpty()) {
      return POLL;
    }
    long wait = Math.max(0, retries.peek().atMs() - clock.millis());
    return Duration.ofMillis(Math.min(wait, POLL.toMillis()));
  }

  private void carryOut(ReadCommand command) {
    carryOut(command, UNANSWERED_TRIES);
  }

  /** Carries it out; so many times more if it says to be done and no entry appears. */
  private void carryOut(ReadCommand command, int triesLeft) {
    follow(
        attempts.carryOut(command),
        ended -> {
          switch (ended.end()) {
            case DECIDED -> next(command);
            case AGAIN -> tryAgain(command, ended, triesLeft);
            case BROKEN -> {
              LOG.errorf(ended.cause(), "could not carry out command %s", command.ref());
              refuse(command);
            }
          }
        });
  }

  private void tryAgain(ReadCommand command, Ended ended, int triesLeft) {
    if (ended.cause() != null) {
      later(() -> carryOut(command, triesLeft));
    } else if (triesLeft > 0) {
      later(() -> carryOut(command, triesLeft - 1));
    } else {
      LOG.errorf("command %s was said to be carried out, but no entry names it", command.ref());
      refuse(command);
    }
  }

  /** A command that breaks its executor is refused, so that those behind it get their turn. */
  private void refuse(ReadCommand command) {
    CommandResult result =
        new CommandResult(
            INTERNAL_ERROR,
            "InternalError",
            "the command could not be carried out; the API server's log says why",
            "",
            0);
    follow(
        attempts.refuse(command, result),
        ended -> {
          switch (ended.end()) {
            case DECIDED -> next(command);
            case AGAIN -> later(() -> refuse(command));
            case BROKEN -> {
              LOG.errorf(ended.cause(), "could not refuse command %s", command.ref());
              later(() -> refuse(command));
            }
          }
        });
  }

  private void next(ReadCommand decided) {
    lanes.decided(decided).forEach(this::carryOut);
  }

  private void later(Runnable attempt) {
    retries.add(new Retry(clock.millis() + retryAfter.toMillis(), attempt));
  }

  private void follow(CompletableFuture<Ended> attempt, Consumer<Ended> then) {
    CompletableFuture<Void> _ =
        attempt.thenAccept(ended -> {
          inbox.add(() -> then.accept(ended));
          reader.wakeup();
        });
  }
}
