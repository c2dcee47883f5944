package dev.shiplog.agent.proxy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A flow of datagrams that the kernel remembers, and sends on as it decided for the first one.
 *
 * @param address whom the client asked
 * @param port at which port
 * @param answering who answers: the endpoint, or the same as was asked where nobody was found
 */
record UdpFlow(String address, int port, Endpoint answering) {

  /** Whether nobody was found for it. */
  boolean leadsNowhere() {
    return answering.ip().equals(address);
  }

  /** Reads a line of the tool; empty if it is none of a flow. */
  static Optional<UdpFlow> parse(String line) {
    Map<String, String> asked = new HashMap<>();
    Map<String, String> answered = new HashMap<>();
    for (String word : line.split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        String name = word.substring(0, equals);
        (asked.containsKey(name) ? answered : asked).put(name, word.substring(equals + 1));
      }
    }
    boolean whole =
        asked.keySet().containsAll(List.of("dst", "dport"))
            && answered.keySet().containsAll(List.of("src", "sport"));
    return whole
        ? Optional.of(
            new UdpFlow(
                asked.get("dst"),
                Integer.parseInt(asked.get("dport")),
                new Endpoint(answered.get("src"), Integer.parseInt(answered.get("sport")))))
        : Optional.empty();
  }
}
