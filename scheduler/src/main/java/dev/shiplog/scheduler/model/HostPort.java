package dev.shiplog.scheduler.model;

/**
 * A port that a pod takes of its node.
 *
 * @param protocol TCP, UDP or SCTP
 * @param ip the address it listens on, {@link #EVERY_ADDRESS} for all of them
 */
public record HostPort(String protocol, String ip, int port) {

  public static final String EVERY_ADDRESS = "0.0.0.0";

  /** True if one node cannot give both. */
  public boolean conflictsWith(HostPort other) {
    return port == other.port
        && protocol.equals(other.protocol)
        && (ip.equals(other.ip) || ip.equals(EVERY_ADDRESS) || other.ip.equals(EVERY_ADDRESS));
  }
}
