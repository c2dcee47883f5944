package dev.shiplog.api.store;

import dev.shiplog.topics.journal.Origin;
import java.util.List;

/**
 * A transaction.
 *
 * @param origin who asks
 * @param changes what for; each key at most once
 * @param dryRun decide and answer, but append nothing
 */
public record CommitRequest(Origin origin, List<ProposedChange> changes, boolean dryRun) {

  public CommitRequest {
    changes = List.copyOf(changes);
  }
}
