package dev.shiplog.streams.kit;

/** Takes an application's commands, to be sent in the order given. Same thread as its user. */
public interface CommandSender {

  /**
   * Sends a command.
   *
   * @param actor user name it runs under; see {@link Controller#actor}
   * @return the command's id, by which its outcome is known; outcomes may never come (a command can
   *     be lost with its process), so whoever waits for one sets a limit
   */
  String send(String actor, CommandRequest request);

  /**
   * Says what the commands that are sent from now on follow from.
   *
   * @param traceparent a step of a trace; null for none
   */
  default void follow(String traceparent) {}

  /** Sends an Event about an object, aggregated; nobody learns its outcome. */
  void tell(String actor, EventRequest event);
}
