package dev.shiplog.topics.journal;

/**
 * Which record of the commands topic an entry answers. Together with the topic's id the offset
 * makes a command take effect exactly once.
 *
 * @param topicId id of the commands topic
 * @param partition partition of it
 * @param offset offset in it
 * @param id the command's own id, given by its sender
 * @param application the application that sent it
 * @param generation that application's generation
 * @param key key of the command's record, and of its outcome's
 */
public record CommandRef(
    String topicId,
    int partition,
    long offset,
    String id,
    String application,
    long generation,
    String key) {}
