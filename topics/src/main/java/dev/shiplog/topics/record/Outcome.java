package dev.shiplog.topics.record;

import dev.shiplog.topics.journal.CommandResult;

/**
 * What became of a command; exactly one per command that was read. Record key: the command's.
 *
 * @param id the command's id
 * @param application the command's application
 * @param generation the command's generation
 * @param commandOffset where the command lies in the commands topic
 * @param journalOffset where the entry that decided it lies in the journal
 * @param revision revision of the change it made; 0 if it made none
 * @param result success or refusal
 */
public record Outcome(
    String id,
    String application,
    long generation,
    long commandOffset,
    long journalOffset,
    long revision,
    CommandResult result) {}
