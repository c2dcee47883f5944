package dev.shiplog.topics.journal;

/**
 * What became of a command.
 *
 * @param code HTTP status code: 200, 201, or that of the refusal
 * @param reason Kubernetes status reason of a refusal, for example {@code AlreadyExists}; empty for
 *     success
 * @param message for people; empty for success
 * @param resource name of the storage resource the command was about
 * @param resourceRevision the last revision of that resource when this was decided: whoever reads
 *     the resource's topic up to it has seen all the decision was based on, and its effect
 */
public record CommandResult(
    int code, String reason, String message, String resource, long resourceRevision) {}
