package dev.shiplog.topics.log;

/**
 * What of a partition can be read.
 *
 * @param start offset of the oldest record still there
 * @param end offset the next record gets (for {@link Isolation#READ_COMMITTED}: the first offset of
 *     the oldest open transaction, if there is one)
 */
public record OffsetRange(long start, long end) {}
