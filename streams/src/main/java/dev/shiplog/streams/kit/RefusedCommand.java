package dev.shiplog.streams.kit;

/**
 * A command that was not carried out.
 *
 * @param command what was asked for
 * @param code HTTP status code
 * @param reason Kubernetes status reason, for example {@code Forbidden}
 * @param message for people
 */
public record RefusedCommand(CommandRequest command, int code, String reason, String message) {}
