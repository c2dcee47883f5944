package dev.shiplog.api.journal;

import dev.shiplog.api.commands.CommandLedger;

/**
 * How far this server has applied the journal, as of one moment.
 *
 * @param clusterId the cluster's id; empty before the first claim
 * @param offset the next journal offset to be applied
 * @param revision the last revision that was applied
 * @param epoch the epoch in force
 * @param sequence the sequence number of the last entry that counted
 * @param ledger which commands were decided
 */
public record AppliedPosition(
    String clusterId,
    long offset,
    long revision,
    long epoch,
    long sequence,
    CommandLedger ledger) {}
