package dev.shiplog.agent.proxy;

import java.util.List;
import java.util.Optional;

/**
 * What becomes of the traffic to one port of one service on this node.
 *
 * @param service {@code namespace/name}
 * @param protocol with the port it makes the rule unique within its service
 * @param port the service's port
 * @param clusterIps its addresses in the cluster
 * @param externalIps addresses outside that lead to this node
 * @param guarded those of them at which only certain clients may ask
 * @param nodePort port of the node itself; 0 if none
 * @param sticky whether a client stays with one endpoint as long as the endpoints stay the same
 * @param inside where traffic to the cluster addresses goes, sorted; refused if empty
 * @param outside where traffic from outside goes
 */
record ServicePortRule(
    String service,
    Protocol protocol,
    int port,
    List<String> clusterIps,
    List<String> externalIps,
    Optional<Guarded> guarded,
    int nodePort,
    boolean sticky,
    List<Endpoint> inside,
    Outside outside) {

  ServicePortRule {
    clusterIps = List.copyOf(clusterIps);
    externalIps = List.copyOf(externalIps);
    inside = List.copyOf(inside);
  }

  /** One at whose addresses everybody may ask. */
  ServicePortRule(
      String service,
      Protocol protocol,
      int port,
      List<String> clusterIps,
      List<String> externalIps,
      int nodePort,
      boolean sticky,
      List<Endpoint> inside,
      Outside outside) {
    this(
        service,
        protocol,
        port,
        clusterIps,
        externalIps,
        Optional.empty(),
        nodePort,
        sticky,
        inside,
        outside);
  }

  /**
   * Addresses at which only certain clients may ask.
   *
   * @param ips of load balancers
   * @param sources blocks of addresses; nobody may ask if there are none
   */
  record Guarded(List<String> ips, List<String> sources) {

    Guarded {
      ips = List.copyOf(ips);
      sources = List.copyOf(sources);
    }
  }

  /** Where traffic from outside the cluster goes. */
  sealed interface Outside {

    /** Sorted. */
    List<Endpoint> endpoints();
  }

  /**
   * To any endpoint; refused if there is none. The answer must come back through this node, so the
   * endpoint sees the node's address instead of the client's.
   */
  record Anywhere(List<Endpoint> endpoints) implements Outside {

    Anywhere {
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * To this node's endpoints alone, which see the client's address; dropped if there are none,
   * because other nodes have some.
   */
  record ThisNode(List<Endpoint> endpoints) implements Outside {

    ThisNode {
      endpoints = List.copyOf(endpoints);
    }
  }
}
