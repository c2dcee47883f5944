package dev.shiplog.agent.proxy;

import java.util.List;

/** The flows of datagrams that the kernel remembers. Blocks; used by one thread at a time. */
interface UdpFlows {

  /**
   * Flows to a port.
   *
   * @param address whom clients ask; empty for any
   */
  List<UdpFlow> to(String address, int port);

  /** Has the kernel decide anew for all flows of that kind. */
  void forget(UdpFlow flow);
}
