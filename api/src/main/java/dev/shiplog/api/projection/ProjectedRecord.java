package dev.shiplog.api.projection;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.LogRecord;

/** A record that follows from an entry, and where it goes. */
record ProjectedRecord(Partition partition, LogRecord record) {}
