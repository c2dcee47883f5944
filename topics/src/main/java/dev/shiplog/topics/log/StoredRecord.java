package dev.shiplog.topics.log;

import dev.shiplog.topics.catalogue.Partition;

/** A record with its place in the log. */
public record StoredRecord(Partition partition, long offset, LogRecord record) {}
