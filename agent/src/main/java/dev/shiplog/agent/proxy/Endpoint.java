package dev.shiplog.agent.proxy;

import java.util.Comparator;

/**
 * Where a service's traffic goes.
 *
 * @param ip IPv4 address
 */
record Endpoint(String ip, int port) implements Comparable<Endpoint> {

  private static final Comparator<Endpoint> ORDER =
      Comparator.comparing(Endpoint::ip).thenComparingInt(Endpoint::port);

  @Override
  public int compareTo(Endpoint other) {
    return ORDER.compare(this, other);
  }
}
