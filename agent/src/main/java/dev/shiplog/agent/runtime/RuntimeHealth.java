package dev.shiplog.agent.runtime;

/**
 * Whether pods can be started.
 *
 * @param runtimeReady whether containers can be run
 * @param networkReady whether pods get addresses; pods on the host's network need none
 * @param message what is missing, for the Node's Ready condition; empty if nothing is
 */
public record RuntimeHealth(boolean runtimeReady, boolean networkReady, String message) {

  public static final RuntimeHealth READY = new RuntimeHealth(true, true, "");

  public boolean ready() {
    return runtimeReady && networkReady;
  }
}
