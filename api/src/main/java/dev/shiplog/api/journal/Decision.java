package dev.shiplog.api.journal;

import dev.shiplog.api.commands.CommandLedger;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.view.State;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;

/** What is decided of a submission. */
sealed interface Decision {

  /**
   * An entry is to be appended.
   *
   * @param value its bytes
   * @param state what the state becomes by it
   * @param ledger what the ledger becomes by it
   * @param events what watchers see of it, in order
   * @param result the answer, once it was applied
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Append(
      byte[] value, State state, CommandLedger ledger, List<Event> events, CommitResult result)
      implements Decision {}

  /** There is nothing to append. */
  record Answer(CommitResult result) implements Decision {}

  /** It must not be. */
  record Refusal(RuntimeException failure) implements Decision {}

  /** An event and the resource whose watchers see it. */
  record Event(StorageResource resource, StoredEvent event) {}
}
