package dev.shiplog.streams.kit.testing;

import dev.shiplog.topics.catalogue.StorageResource;

/**
 * A record of a store topic.
 *
 * @param value null is a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // shared and never changed
public record StoreRecord(
    StorageResource resource, String key, byte[] value, long revision, long timestampMs) {}
