package dev.shiplog.api.commands;

import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.api.journal.LeadershipListener;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * Takes in what controllers and the scheduler ask for, while this server leads: each command is
 * decided once, those with one key in the order they were sent, others beside each other. Add it to
 * the store's leadership listeners. Any thread.
 */
public final class CommandIntake implements LeadershipListener, AutoCloseable {

  private final LeaderTask task;

  /**
   * Makes an intake that begins when this server leads.
   *
   * @param names says where commands are sent
   * @param ledger which commands were decided, as of what was applied last
   * @param executor carries commands out
   * @param environment what it runs in
   */
  public CommandIntake(
      LogSource log,
      TopicNames names,
      Store store,
      Supplier<CommandLedger> ledger,
      CommandExecutor executor,
      IntakeSettings settings,
      Environment environment) {
    CommandAttempt attempts =
        new CommandAttempt(
            store,
            ledger,
            executor,
            environment.workers(),
            settings.attemptTimeout(),
            environment.clock());
    this.task =
        new LeaderTask(
            "taking in commands",
            () ->
                new IntakeRun(
                    log,
                    names.commands(),
                    ledger,
                    attempts,
                    settings.retryAfter(),
                    environment.clock()),
            settings.retryAfter(),
            environment.faults(),
            environment.threads());
  }

  /**
   * What an intake runs in.
   *
   * @param workers carry out commands, each on one of them until its commit is under way
   * @param threads makes the one thread that reads
   */
  public record Environment(
      InstantSource clock, Executor workers, ThreadFactory threads, FaultHandler faults) {}

  @Override
  public void becameLeader(long epoch) {
    task.becameLeader(epoch);
  }

  @Override
  public void lostLeadership() {
    task.lostLeadership();
  }

  /** Stops taking in commands; those under way are decided or are taken in by the next leader. */
  @Override
  public void close() {
    task.close();
  }
}
