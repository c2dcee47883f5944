package dev.shiplog.agent.probes;

/**
 * What one try of a probe found.
 *
 * @param message why it failed; empty if it did not
 */
public record ProbeResult(boolean success, String message) {

  public static final ProbeResult SUCCESS = new ProbeResult(true, "");

  public static ProbeResult failure(String message) {
    return new ProbeResult(false, message);
  }
}
