package dev.shiplog.agent.policy;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What policies make of one pod of this node. Equal clusters give equal isolations.
 *
 * @param ip the pod's address
 * @param ingress who may come in; empty if everybody may
 * @param egress where it may go; empty if it may go everywhere
 */
record PodIsolation(
    String ip, Optional<List<Allowance>> ingress, Optional<List<Allowance>> egress) {

  /**
   * Something that is let through.
   *
   * @param peer on the other side
   * @param ports at the receiving side; empty for all
   */
  record Allowance(Peer peer, List<Ports> ports) {

    Allowance {
      ports = List.copyOf(ports);
    }
  }

  /** Who is on the other side. */
  sealed interface Peer {}

  /** Whoever it is. */
  record Anyone() implements Peer {}

  /**
   * Certain pods.
   *
   * @param selection what selected them: the same whichever pods it selects at the moment
   * @param ips their addresses
   */
  record Pods(String selection, SortedSet<String> ips) implements Peer {}

  /**
   * A range of addresses.
   *
   * @param except ranges in it that are not meant
   */
  record Block(String cidr, List<String> except) implements Peer {

    Block {
      except = List.copyOf(except);
    }
  }

  /**
   * Ports of one protocol.
   *
   * @param protocol in lower case
   * @param first 0 for every port
   * @param last not less than the first
   */
  record Ports(String protocol, int first, int last) {

    static Ports all(String protocol) {
      return new Ports(protocol, 0, 0);
    }

    boolean isAll() {
      return first == 0;
    }
  }
}
