package dev.shiplog.e2e.consistency;

/**
 * A change that a watch brought.
 *
 * @param content null if the object was deleted
 */
record Event(long revision, String key, String content) {}
