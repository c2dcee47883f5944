package dev.shiplog.api.commands;

import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Command;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Carries out one command as the API's verbs carry out a request: authorization of its actor,
 * admission, validation, commit. The command intake calls it on the leader, in order per key.
 */
@FunctionalInterface
public interface CommandExecutor {

  /**
   * Carries out a command.
   *
   * @param ref to be put into the origin of the commit
   * @return empty once a commit that names the command was applied; the result to be recorded with
   *     a skip entry if the command was refused or had nothing to change. Never fails with an
   *     {@link dev.shiplog.api.status.ApiFailure} but for {@code ServiceUnavailable} (try it again)
   *     and {@code Timeout} (ask the applied state what became of it).
   */
  CompletableFuture<Optional<CommandResult>> execute(Command command, CommandRef ref);
}
