package dev.shiplog.standalone;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host and a port. */
public record ListenAddress(String host, int port) {

  private static final Pattern FORM =
      Pattern.compile("(?:https://)?(\\[[0-9a-fA-F:.]+]|[^:/\\s]+):(\\d{1,5})/?");
  private static final int LARGEST = 65_535;

  /**
   * Reads {@code HOST:PORT}; an IPv6 address stands in brackets.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static ListenAddress parse(String text) {
    Matcher parts = FORM.matcher(text);
    int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
    if (port < 1 || port > LARGEST) {
      throw new IllegalArgumentException("'" + text + "' is not HOST:PORT");
    }
    return new ListenAddress(parts.group(1).replaceAll("[\\[\\]]", ""), port);
  }

  /** Whether it stands for all addresses of the machine. */
  boolean isAnywhere() {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
